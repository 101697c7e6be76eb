/** Wrapping with the public half of an RSA key in AWS KMS, without AWS KMS. */
import { generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { awsKmsOfflineKeyring } from '@keyfold/aws-kms';
import type { PublicKeyInput } from '@keyfold/aws-kms';
import { decryptDetached, encryptDetached, rewrap } from '@keyfold/core';
import { DATA_KEY, failure, refusal, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_3072' });
const everyday = await sim.aws.createKey({ region: HOME });
const der = (await client().send(new GetPublicKeyCommand({ KeyId: key.arn }))).PublicKey ?? new Uint8Array();
const base64 = Buffer.from(der).toString('base64');
const pem = `-----BEGIN PUBLIC KEY-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;

/** A public key as PEM, of any kind. */
const pemOf = (pair: { readonly publicKey: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer } }): string =>
  pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

beforeEach(() => {
  sim.requests.reset();
});

describe('a public key', () => {
  it.each<[string, PublicKeyInput]>([
    ['as GetPublicKey answers it', der],
    ['as a Buffer', Buffer.from(der)],
    ['as the AWS CLI prints it', base64],
    ['as the AWS CLI prints it, in lines', `${base64.replaceAll(/(.{76})/g, '$1\r\n')}\r\n`],
    ['as PEM', pem],
    ['as PEM with words around it', `Our break-glass key:\n${pem}Keep it.\n`],
  ])('wraps %s, without a request, what AWS KMS opens', async (_, publicKey) => {
    const offline = awsKmsOfflineKeyring({ key: key.arn, publicKey });
    const wrapped = await wrapOne(offline, { tenant: 'acme' });
    expect(wrapped).toMatchObject({ provider: 'aws-kms', keyId: key.arn, keyVersion: '', algorithm: 'RSAES_OAEP_SHA_256' });
    expect(sim.requests.count()).toBe(0);
    expect(await unwrapFrom(keyring({ key: key.arn }), [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('is copied: the caller’s bytes may be wiped', async () => {
    const bytes = new Uint8Array(der);
    const offline = awsKmsOfflineKeyring({ key: key.arn, publicKey: bytes });
    bytes.fill(0);
    expect(await unwrapFrom(keyring({ key: key.arn }), [await wrapOne(offline)])).not.toBeNull();
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /aws kms get-public-key/],
    ['an empty text', '', /aws kms get-public-key/],
    ['what is no base64', 'not a key!', /aws kms get-public-key/],
    ['bytes that are no DER', new Uint8Array(300), /aws kms get-public-key/],
    ['a private key', pem.replaceAll('PUBLIC', 'PRIVATE'), /PRIVATE KEY; pass the PUBLIC KEY/],
    ['a certificate', pem.replaceAll('PUBLIC KEY', 'CERTIFICATE'), /CERTIFICATE; pass/],
    ['two keys', pem + pem, /2 PEM blocks/],
  ])('is refused: %s', (_, publicKey, message) => {
    expect(refusal(() => awsKmsOfflineKeyring({ key: key.arn, publicKey: publicKey as string }), 'options.publicKey')).toMatch(message);
  });

  it.each<[string, () => string]>([
    ['of an elliptic curve', () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))],
    ['too short for AWS KMS', () => pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }))],
    ['with another exponent than AWS KMS has', () => pemOf(generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }))],
    ['cut off', () => pem.replace(base64.slice(-40, -4), '')],
  ])('%s fails the wrap and the check, as misconfigured', async (_, make) => {
    const offline = awsKmsOfflineKeyring({ key: key.arn, publicKey: make() });
    for (let i = 0; i < 2; i++) {
      const { details } = await failure(wrapOne(offline), 'keyring-failed');
      expect(details).toMatchObject({ operation: 'wrap', reason: 'misconfigured', retryable: false });
      expect(details.remedy).toContain('aws kms get-public-key');
    }
    const [row] = await offline.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ permitted: { wrap: 'no' }, problem: { reason: 'misconfigured' } });
  });
});

describe('a key', () => {
  it.each([['alias/break-glass'], [key.keyId], [undefined]])('%s is refused: only an ARN needs nobody to be resolved', (name) => {
    const message = refusal(() => awsKmsOfflineKeyring({ key: name as string, publicKey: pem }), 'options.key');
    expect(message).toContain('key ARN');
  });

  it('is needed at all', () => {
    refusal(() => awsKmsOfflineKeyring(undefined as never), 'options');
  });
});

describe('an offline keyring', () => {
  const offline = awsKmsOfflineKeyring({ key: key.arn, publicKey: pem });

  it('fails for envelopes of its key, and says what to use', async () => {
    const wrapped = await wrapOne(offline);
    const { details } = await failure(unwrapFrom(offline, [wrapped, wrapped]), 'keyring-failed');
    expect(details).toMatchObject({ operation: 'unwrap', reason: 'misconfigured', retryable: false });
    expect(details.remedy).toContain(`awsKmsKeyring({ key: '${key.arn}' })`);
    expect(sim.requests.count()).toBe(0);
  });

  it('leaves envelopes of other keys alone', async () => {
    const wrapped = await wrapOne(offline);
    const others = [await wrapOne(keyring({ key: everyday.arn })), { ...wrapped, keyId: key.arn.replace(HOME, AWAY) }];
    expect(await unwrapFrom(offline, others)).toBeNull();
  });

  it('wraps 32 bytes only', async () => {
    const signal = new AbortController().signal;
    const request = { keyMaterial: new Uint8Array(31), context: { pairs: new Map(), digest: new Uint8Array(32) }, signal };
    await failure(offline.wrap(request), 'invalid-argument');
    await failure(keyring({ key: everyday.arn }).wrap(request), 'invalid-argument');
  });

  it('is found to be in order, and to be only half a key', async () => {
    const rows = await offline.check({ signal: new AbortController().signal });
    const permitted = { wrap: 'yes', unwrap: 'no', generate: 'no' };
    expect(rows).toEqual([{ provider: 'aws-kms', keyId: key.arn, keyVersion: '', reachable: true, state: 'enabled', permitted }]);
    expect(sim.requests.count()).toBe(0);
  });

  it('adds a break-glass key to an envelope, which the recovery then opens', async () => {
    const plaintext = new TextEncoder().encode('in case of emergency');
    const mine = keyring({ key: everyday.arn });
    const context = { tenant: 'acme' };
    const { header, payload } = await encryptDetached(plaintext, { keyring: mine, context });
    await failure(rewrap(header, { keyring: mine, wrapWith: offline, context }), 'rewrap-refused');
    const both = await rewrap(header, { keyring: mine, wrapWith: offline, context, allowUnproven: true });
    const recovered = await decryptDetached({ header: both.header, payload }, { keyring: keyring({ key: key.arn }), context });
    expect(recovered).toEqual(plaintext);
  });
});
