import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { pkcs8Der, rsaPair } from '../support/rsa-keys.js';

const { publicKey, privateKey } = rsaPair();
const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
const signal = new AbortController().signal;

/** PKCS#8 whose public numbers are sound and whose private ones are not. */
function damagedPrivateKey(): Uint8Array<ArrayBuffer> {
  const der = pkcs8Der(privateKey);
  der.fill(0x55, 400, 700);
  return der;
}

describe('whoever has both halves finds out before writing that they do not work together', () => {
  it('when they are CryptoKeys of two pairs', async () => {
    const der = rsaPair('second').publicKey.export({ type: 'spki', format: 'der' });
    const other = await crypto.subtle.importKey('spki', der, OAEP, true, ['encrypt']);
    const keyring = rawRsaKeyring({ name: 'k', publicKey: other, privateKey });
    const error = await failure(wrapOne(keyring), 'keyring-failed');
    expect(error.details).toMatchObject({ reason: 'misconfigured', operation: 'wrap' });
    expect(error.message).toContain('one pair');
    // The private key is good for what it is for.
    const wrapped = await wrapOne(rawRsaKeyring({ name: 'k', publicKey }));
    expect(await unwrapFrom(keyring, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('when the private key is damaged, given alone or with the public one', async () => {
    for (const halves of [{ privateKey: damagedPrivateKey() }, { publicKey, privateKey: damagedPrivateKey() }]) {
      const error = await failure(wrapOne(rawRsaKeyring({ name: 'k', ...halves })), 'keyring-failed');
      expect(error.details).toMatchObject({ reason: 'misconfigured', operation: 'wrap', keyId: 'k' });
    }
  });
});

describe('a key that the platform refuses', () => {
  it('fails every caller, each time, and is no integrity failure', async () => {
    const der = pkcs8Der(privateKey);
    // The outer structure says what it should; the private key within ends too early.
    const keyring = rawRsaKeyring({ name: 'k', privateKey: cutPrivateKey(der) });
    const wrapped = await wrapOne(rawRsaKeyring({ name: 'k', publicKey }));
    for (let round = 0; round < 2; round++) {
      const errors = await Promise.all(
        Array.from({ length: 4 }, async () => await failure(unwrapFrom(keyring, [wrapped]), 'keyring-failed')),
      );
      for (const error of errors) {
        expect(error.details).toMatchObject({ reason: 'misconfigured', operation: 'unwrap', retryable: false });
        expect(error.cause).toBeDefined();
      }
    }
  });
});

/** SEQUENCE { version, rsaEncryption, OCTET STRING { SEQUENCE { version, n, e } } }: nothing private in it. */
function cutPrivateKey(der: Uint8Array): Uint8Array {
  const jwk = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  const element = (tag: number, ...content: Uint8Array[]): Uint8Array => {
    const bytes = Buffer.concat(content);
    return Uint8Array.of(tag, 0x82, bytes.length >> 8, bytes.length & 0xff, ...bytes);
  };
  const n = element(0x02, Buffer.from([0]), Buffer.from(jwk.n ?? '', 'base64url'));
  const version = Uint8Array.of(0x02, 1, 0);
  const exponent = Uint8Array.of(0x02, 3, 1, 0, 1);
  const rsaEncryption = Uint8Array.of(0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 0x05, 0);
  return element(0x30, version, rsaEncryption, element(0x04, element(0x30, version, n, exponent)));
}

describe('check', () => {
  const can = { provider: 'local-raw', keyId: 'k', keyVersion: '', reachable: true, state: 'enabled' };

  it.each([
    ['both halves', { publicKey, privateKey }, { wrap: 'yes', unwrap: 'yes', generate: 'no' }],
    ['a private key', { privateKey }, { wrap: 'yes', unwrap: 'yes', generate: 'no' }],
    ['a public key', { publicKey }, { wrap: 'yes', unwrap: 'no', generate: 'no' }],
  ] as const)('says what %s can do', async (_, halves, permitted) => {
    expect(await rawRsaKeyring({ name: 'k', ...halves }).check?.({ signal })).toStrictEqual([{ ...can, permitted }]);
  });

  it('says that a private key which tells no public one cannot wrap', async () => {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8Der(privateKey), OAEP, false, ['decrypt']);
    const permitted = { wrap: 'no', unwrap: 'yes', generate: 'no' };
    expect(await rawRsaKeyring({ name: 'k', privateKey: key }).check?.({ signal })).toStrictEqual([{ ...can, permitted }]);
  });

  it('says that halves of two pairs cannot wrap', async () => {
    const der = rsaPair('second').publicKey.export({ type: 'spki', format: 'der' });
    const other = await crypto.subtle.importKey('spki', der, OAEP, true, ['encrypt']);
    const [check] = (await rawRsaKeyring({ name: 'k', publicKey: other, privateKey }).check?.({ signal })) ?? [];
    expect(check).toMatchObject({ permitted: { wrap: 'no', unwrap: 'yes' }, problem: { reason: 'misconfigured' } });
  });

  it('says what is wrong with a key that does not work, and does not throw', async () => {
    const keyring = rawRsaKeyring({ name: 'k', privateKey: cutPrivateKey(pkcs8Der(privateKey)) });
    const [check] = (await keyring.check?.({ signal })) ?? [];
    expect(check).toMatchObject({ permitted: { wrap: 'no', unwrap: 'no' }, problem: { reason: 'misconfigured' } });
    expect(check?.problem?.remedy).toContain('openssl pkey');
  });
});

describe('generateRsaKeyPair', () => {
  it.each([2048, 4096] as const)('makes a pair of %i bits that OpenSSL takes', async (modulusLength) => {
    const pair = await generateRsaKeyPair({ modulusLength });
    const details = { modulusLength, publicExponent: 65_537n };
    expect(createPublicKey(pair.publicKey).asymmetricKeyDetails).toEqual(details);
    expect(createPrivateKey(pair.privateKey).asymmetricKeyDetails).toEqual(details);
    expect(createPublicKey(pair.privateKey).equals(createPublicKey(pair.publicKey))).toBe(true);
  });

  it('makes 3072 bits unless told otherwise, in PEM as OpenSSL writes it', async () => {
    const pair = await generateRsaKeyPair();
    const key = createPublicKey(pair.publicKey);
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(pair.publicKey).toBe(key.export({ type: 'spki', format: 'pem' }));
    expect(pair.privateKey).toBe(createPrivateKey(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }));
  });

  it.each([1024, 2047, 8192, '3072', null, Number.NaN])('refuses %s', async (modulusLength) => {
    const error = await failure(generateRsaKeyPair({ modulusLength: modulusLength as 2048 }), 'invalid-argument');
    expect(error.details.argument).toBe('options.modulusLength');
  });

  it('stops when its signal fires', async () => {
    const controller = new AbortController();
    const pair = generateRsaKeyPair({ modulusLength: 4096, signal: controller.signal });
    controller.abort(new Error('enough'));
    const error = await failure(pair, 'aborted');
    expect(error.cause).toBe(controller.signal.reason);
    await failure(generateRsaKeyPair({ signal: controller.signal }), 'aborted');
  });
});
