/** A keyring that has the public half of an RSA key alone, and how such a half is given. */
import { beforeAll, describe, expect, it } from 'vitest';
import { encryptionContext, importRsaPublicKey, modulusLengthOf, publicHalfKeyring, readRsaPublicKey, sealOaep } from '../../src/keyring/index.js';
import type { PublicHalfKeyring, UnwrapResult, WrappedKey } from '../../src/keyring/index.js';
import { failure } from '../support/failure.js';

const DATA_KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const SOURCE = { service: 'Acme KMS', command: '"acme get-public-key"' };
const signal = new AbortController().signal;
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const pemOf = (bytes: Uint8Array, label = 'PUBLIC KEY'): string => `-----BEGIN ${label}-----\n${base64(bytes).replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

async function generate(modulusLength: number, exponent = [1, 0, 1]): Promise<{ readonly der: Uint8Array<ArrayBuffer>; readonly privateKey: CryptoKey }> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength, publicExponent: Uint8Array.from(exponent) };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt']);
  return { der: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)), privateKey };
}

function keyringOf(publicKey: Uint8Array<ArrayBuffer>): PublicHalfKeyring {
  return publicHalfKeyring({
    provider: 'acme',
    name: 'vault/1',
    keyId: 'vault',
    keyVersion: '1',
    publicKey,
    algorithm: (length) => `OAEP-${length}`,
    isOwn: ({ keyId }) => keyId === 'vault',
    service: 'Acme KMS',
    unusable: 'Get it again.',
    opener: 'Unwrap with acmeKeyring.',
  });
}

async function wrap(keyring: PublicHalfKeyring, keyMaterial = DATA_KEY): Promise<WrappedKey> {
  const { wrappedKeys } = await keyring.wrap({ keyMaterial, context: await encryptionContext({}), signal });
  return wrappedKeys[0] as WrappedKey;
}

async function unwrap(keyring: PublicHalfKeyring, wrappedKeys: readonly WrappedKey[], given = signal): Promise<UnwrapResult | null> {
  return await keyring.unwrap({ wrappedKeys, context: await encryptionContext({}), accepts: async () => await Promise.resolve(true), signal: given });
}

let pair: Awaited<ReturnType<typeof generate>>;
beforeAll(async () => {
  pair = await generate(2048);
});

describe('the public half of a key', () => {
  it('wraps what the private half opens', async () => {
    const wrapped = await wrap(keyringOf(pair.der));
    expect(wrapped).toMatchObject({ provider: 'acme', keyId: 'vault', keyVersion: '1', algorithm: 'OAEP-256' });
    const opened = await crypto.subtle.decrypt('RSA-OAEP', pair.privateKey, new Uint8Array(wrapped.ciphertext));
    expect(new Uint8Array(opened)).toEqual(DATA_KEY);
  });

  it('is no key to unwrap with: what is its own it refuses, what is another’s it leaves alone', async () => {
    const keyring = keyringOf(pair.der);
    const own = await wrap(keyring);
    const { details, message } = await failure(unwrap(keyring, [own, { ...own, keyVersion: '2' }]), 'keyring-failed');
    expect(details).toMatchObject({ operation: 'unwrap', keyring: 'vault/1', reason: 'misconfigured', retryable: false, remedy: 'Unwrap with acmeKeyring.' });
    expect(message).toContain('the public key alone');
    expect(await unwrap(keyring, [{ ...own, keyId: 'other' }, { ...own, provider: 'other' }])).toBeNull();
  });

  it('says what it is good for', async () => {
    const [row] = await keyringOf(pair.der).check({ signal });
    expect(row).toEqual({
      provider: 'acme',
      keyId: 'vault',
      keyVersion: '1',
      reachable: true,
      state: 'enabled',
      permitted: { wrap: 'yes', unwrap: 'no', generate: 'no' },
    });
  });

  it('heeds a signal that has fired, and takes data keys alone', async () => {
    const keyring = keyringOf(pair.der);
    const aborted = AbortSignal.abort();
    const own = await wrap(keyring);
    await failure(keyring.wrap({ keyMaterial: DATA_KEY, context: await encryptionContext({}), signal: aborted }), 'aborted');
    for (const keyId of ['vault', 'other']) await failure(unwrap(keyring, [{ ...own, keyId }], aborted), 'aborted');
    await failure(keyring.check({ signal: aborted }), 'aborted');
    await failure(wrap(keyring, new Uint8Array(31)), 'invalid-argument');
  });

  it.each([
    ['of 1,024 bits', 1024, [1, 0, 1]],
    ['of the exponent 3', 2048, [3]],
  ])('%s is none of a service, which shows when it is used and when it is checked', async (_, bits, exponent) => {
    const { der } = await generate(bits, exponent);
    const keyring = keyringOf(der);
    const { details, message } = await failure(wrap(keyring), 'keyring-failed');
    expect(details).toMatchObject({ operation: 'wrap', reason: 'misconfigured', remedy: 'Get it again.' });
    expect(message).toContain('not one that Acme KMS has');
    const [row] = await keyring.check({ signal });
    expect(row).toMatchObject({ permitted: { wrap: 'no', unwrap: 'no' }, problem: { reason: 'misconfigured', remedy: 'Get it again.' } });
  });
});

describe('a public key as people have it', () => {
  it('is PEM, base64 or DER', () => {
    for (const input of [pemOf(pair.der), base64(pair.der), pair.der]) expect(readRsaPublicKey(input, 'options.publicKey', SOURCE)).toEqual(pair.der);
    const mine = readRsaPublicKey(pair.der, 'options.publicKey', SOURCE);
    expect(mine).not.toBe(pair.der);
  });

  it('else it is refused, in the words of its service, and not repeated', async () => {
    const refused = async (input: unknown): Promise<string> =>
      (await failure(() => readRsaPublicKey(input as string, 'options.publicKey', SOURCE), 'invalid-argument')).message;
    for (const input of ['', 'hello', 'AAAA', new Uint8Array(9), undefined, 7]) expect(await refused(input)).toContain('get it with "acme get-public-key"');
    expect(await refused(pemOf(pair.der, 'PRIVATE KEY'))).toMatch(/^options\.publicKey: this PEM block is a PRIVATE KEY; pass the PUBLIC KEY of the key in Acme KMS/);
    expect(await refused(pemOf(pair.der, 'PRIVATE KEY'))).not.toContain('MII');
    expect(await refused(pemOf(pair.der) + pemOf(pair.der))).toContain('2 PEM blocks');
  });

  it('seals what stands in shared memory, too', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(32));
    shared.set(DATA_KEY);
    const key = await importRsaPublicKey(pair.der);
    expect(modulusLengthOf(key)).toBe(256);
    const opened = await crypto.subtle.decrypt('RSA-OAEP', pair.privateKey, await sealOaep(key, shared));
    expect(new Uint8Array(opened)).toEqual(DATA_KEY);
  });
});
