import type { WrappedKey } from '@keyfold/core/keyring';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { flipped } from '../support/bytes.js';
import { referenceRsaUnwrap, referenceRsaWrap } from '../support/reference.js';
import { rsaPair } from '../support/rsa-keys.js';

const { publicKey, privateKey } = rsaPair();
const writer = rawRsaKeyring({ name: 'break-glass', publicKey });
const recovery = rawRsaKeyring({ name: 'break-glass', privateKey });
const ours = { provider: 'local-raw', keyId: 'break-glass', keyVersion: '', algorithm: 'RSA-OAEP-256' };

describe('a wrapped key', () => {
  it.each([2048, 3072, 4096, 2056])('is RSA-OAEP with SHA-256, as another implementation reads it: %i bits', async (bits) => {
    const pair = rsaPair('first', bits);
    const { ciphertext, ...fields } = await wrapOne(rawRsaKeyring({ name: 'break-glass', publicKey: pair.publicKey }), { a: 'b' });
    expect(fields).toEqual(ours);
    expect(ciphertext).toHaveLength(bits / 8);
    expect(referenceRsaUnwrap(pair.privateKey, ciphertext)).toEqual(DATA_KEY);
  });

  it.each([2048, 3072, 4096, 2056])('opens when another implementation made it: %i bits', async (bits) => {
    const pair = rsaPair('first', bits);
    const wrappedKey = { ...ours, ciphertext: referenceRsaWrap(pair.publicKey, DATA_KEY) };
    const keyring = rawRsaKeyring({ name: 'break-glass', privateKey: pair.privateKey });
    expect(await unwrapFrom(keyring, [wrappedKey])).toEqual({ keyMaterial: DATA_KEY, wrappedKey });
  });

  it('is another one each time', async () => {
    const [a, b] = [await wrapOne(writer), await wrapOne(writer)];
    expect(a.ciphertext).not.toEqual(b.ciphertext);
  });

  it('leaves the key material that it was made of as it is', async () => {
    const keyMaterial = DATA_KEY.slice();
    await wrapOne(writer, {}, { keyMaterial });
    expect(keyMaterial).toEqual(DATA_KEY);
  });

  it('is not made of key material that no unwrap would take', async () => {
    const error = await failure(wrapOne(writer, {}, { keyMaterial: new Uint8Array(33) }), 'invalid-argument');
    expect(error.details.argument).toBe('request.keyMaterial');
  });
});

describe.each([
  ['with the private key', recovery],
  ['with the public key only', writer],
])('unwrap %s answers null', (_, keyring) => {
  it.each<[string, Partial<WrappedKey>]>([
    ['to another provider’s', { provider: 'aws-kms' }],
    ['to a key of another name', { keyId: 'break-glas' }],
    ['to an AES key of the same name', { algorithm: 'HKDF-SHA512-AES-256-GCM' }],
    ['to RSA with a weaker padding', { algorithm: 'RSA1_5' }],
    ['to RSA with SHA-1', { algorithm: 'RSA-OAEP' }],
    ['to a version, as it writes none', { keyVersion: '1' }],
  ])('%s', async (__, change) => {
    expect(await unwrapFrom(keyring, [{ ...(await wrapOne(writer)), ...change }])).toBeNull();
  });

  it('to no wrapped keys at all', async () => {
    expect(await unwrapFrom(keyring, [])).toBeNull();
  });
});

describe('unwrap throws for its own', () => {
  it('in the same words, whatever is wrong', async () => {
    const own = await wrapOne(writer);
    const { ciphertext } = own;
    const other = await wrapOne(rawRsaKeyring({ name: 'k', publicKey: rsaPair('second').publicKey }));
    const wrong: [string, Uint8Array][] = [
      ['first byte', flipped(ciphertext, 0)],
      ['middle byte', flipped(ciphertext, 100)],
      ['last byte', flipped(ciphertext, ciphertext.length - 1)],
      ['more than the modulus', new Uint8Array(ciphertext.length).fill(0xff)],
      ['zero', new Uint8Array(ciphertext.length)],
      ['one', flipped(new Uint8Array(ciphertext.length), ciphertext.length - 1)],
      ['too short', ciphertext.subarray(1)],
      ['too long', Uint8Array.of(0, ...ciphertext)],
      ['of another key', other.ciphertext],
      ['31 bytes', referenceRsaWrap(publicKey, DATA_KEY.subarray(1))],
      ['33 bytes', referenceRsaWrap(publicKey, Uint8Array.of(...DATA_KEY, 0))],
      ['no bytes', referenceRsaWrap(publicKey, new Uint8Array(0))],
      ['not the data key', referenceRsaWrap(publicKey, new Uint8Array(32))],
    ];
    const errors = [];
    for (const [, bytes] of wrong) {
      errors.push(await failure(unwrapFrom(recovery, [{ ...own, ciphertext: bytes }]), 'keyring-failed'));
    }
    const [first] = errors;
    expect(first?.details).toMatchObject({ reason: 'integrity', keyId: 'break-glass', operation: 'unwrap', retryable: false });
    errors.forEach((error, i) => {
      expect(error.message, wrong[i]?.[0]).toBe(first?.message);
      expect(error.details, wrong[i]?.[0]).toEqual(first?.details);
      expect(error.cause, wrong[i]?.[0]).toBeUndefined();
    });
  });

  it('when it has the public key only, and says which is missing', async () => {
    const error = await failure(unwrapFrom(writer, [await wrapOne(writer)]), 'keyring-failed');
    expect(error.details).toMatchObject({ reason: 'misconfigured', keyId: 'break-glass', operation: 'unwrap' });
    expect(error.details.remedy).toContain('privateKey');
  });
});

describe('wrap throws', () => {
  it('when the private key does not tell the public one', async () => {
    const der = privateKey.export({ type: 'pkcs8', format: 'der' });
    const key = await crypto.subtle.importKey('pkcs8', der, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['decrypt']);
    const keyring = rawRsaKeyring({ name: 'break-glass', privateKey: key });
    const error = await failure(wrapOne(keyring), 'keyring-failed');
    expect(error.details).toMatchObject({ reason: 'misconfigured', operation: 'wrap' });
    expect(error.details.remedy).toContain('publicKey');
    expect(await unwrapFrom(keyring, [await wrapOne(writer)])).not.toBeNull();
  });
});
