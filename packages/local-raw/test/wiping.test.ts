/** Key bytes that have done their work are zeros, on either engine. */
import { encryptionContext } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { generateAesKey, generateRsaKeyPair, rawAesKeyring, rawRsaKeyring } from '@keyfold/local-raw';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { pkcs8, pkcs8Der, rsaPair, spkiDer } from './support/rsa-keys.js';
import { watchCrypto } from './support/watch-crypto.js';

const web = process.env['KEYFOLD_ENGINE'] === 'web';
const { publicKey, privateKey } = rsaPair();
const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

describe('an AES keyring wipes', () => {
  it('its copy of the key, and the key of every wrap and unwrap', async () => {
    const key = generateAesKey();
    const { keysIn } = await watchCrypto(async () => {
      const keyring = rawAesKeyring({ name: 'k', key });
      await unwrapFrom(keyring, [await wrapOne(keyring)]);
    });
    // Only WebCrypto imports the key itself; OpenSSL's HMAC takes it as data.
    expect(keysIn).toHaveLength(web ? 3 : 2);
    expect(keysIn.map(isWiped)).not.toContain(false);
    expect(isWiped(key)).toBe(false);
  });

  it('the key of an unwrap that fails', async () => {
    const keyring = rawAesKeyring({ name: 'k', key: generateAesKey() });
    const wrapped = await wrapOne(keyring);
    const { keysIn } = await watchCrypto(async () => {
      await failure(unwrapFrom(keyring, [{ ...wrapped, ciphertext: new Uint8Array(64) }]), 'keyring-failed');
    });
    expect(keysIn.map(isWiped)).toEqual([true]);
  });

  it('what it exports of a CryptoKey', async () => {
    const key = await crypto.subtle.importKey('raw', generateAesKey(), 'AES-GCM', true, ['encrypt']);
    const { secretsOut } = await watchCrypto(async () => await wrapOne(rawAesKeyring({ name: 'k', key })));
    expect(secretsOut.map(isWiped)).toEqual([true]);
  });
});

describe('an RSA keyring wipes', () => {
  it.each([
    ['PEM', () => pkcs8(privateKey)],
    ['DER', () => pkcs8Der(privateKey)],
    ['a KeyObject', () => privateKey],
  ])('its copy of a private key in %s, which nobody can export again', async (_, form) => {
    const { keysIn, privateExtractable } = await watchCrypto(async () => {
      const keyring = rawRsaKeyring({ name: 'k', privateKey: form() });
      await unwrapFrom(keyring, [await wrapOne(keyring)]);
    });
    expect(keysIn.map(isWiped)).toEqual([true]);
    expect(privateExtractable).toEqual([false]);
  });

  it('nothing of a JSON Web Key, which nobody can export again either', async () => {
    const { privateExtractable } = await watchCrypto(async () => {
      await wrapOne(rawRsaKeyring({ name: 'k', privateKey: privateKey.export({ format: 'jwk' }) }));
    });
    expect(privateExtractable).toEqual([false]);
  });

  it('what it exports of a private CryptoKey to tell the public one', async () => {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8Der(privateKey), OAEP, true, ['decrypt']);
    const { secretsOut } = await watchCrypto(async () => await wrapOne(rawRsaKeyring({ name: 'k', privateKey: key })));
    // The other is the proof that the two halves belong together.
    expect(secretsOut).toHaveLength(2);
    expect(secretsOut[0]?.length).toBeGreaterThan(1000);
    expect(isWiped(secretsOut[0] as Uint8Array)).toBe(true);
  });

  it('what it opened when that is no data key', async () => {
    const oaep = await crypto.subtle.importKey('spki', spkiDer(publicKey), OAEP, true, ['encrypt']);
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(OAEP, oaep, new Uint8Array(16).fill(7)));
    const keyring = rawRsaKeyring({ name: 'k', privateKey });
    const { secretsOut } = await watchCrypto(async () => {
      await failure(unwrapFrom(keyring, [{ ...(await wrapOne(rawRsaKeyring({ name: 'k', publicKey }))), ciphertext }]), 'keyring-failed');
    });
    expect(secretsOut.map(isWiped)).toEqual([true]);
  });
});

it('generateRsaKeyPair wipes the private key that it encoded', async () => {
  const { secretsOut } = await watchCrypto(async () => await generateRsaKeyPair({ modulusLength: 2048 }));
  expect(secretsOut.map(isWiped)).toEqual([true]);
});

describe('a data key that arrives after an abort is wiped', () => {
  const KEYRINGS: [string, () => Keyring][] = [
    ['RSA', () => rawRsaKeyring({ name: 'k', publicKey, privateKey })],
    ...(web ? [['AES', () => rawAesKeyring({ name: 'k', key: generateAesKey() })] as [string, () => Keyring]] : []),
  ];
  it.each(KEYRINGS)('%s', async (_, make) => {
    const keyring = make();
    const wrapped = await wrapOne(keyring);
    const controller = new AbortController();
    const { secretsOut } = await watchCrypto(async (seen) => {
      const request = { wrappedKeys: [wrapped], context: await encryptionContext(), signal: controller.signal };
      const accepts = async (): Promise<boolean> => await Promise.reject(new Error('asked after the abort'));
      const unwrapping = keyring.unwrap({ ...request, accepts });
      // Nothing of WebCrypto has answered yet.
      controller.abort();
      await failure(unwrapping, 'aborted');
      while (seen.secretsOut.length === 0) await setImmediate();
      // Whoever waited for the answer gets it before the next turn of the event loop.
      await setImmediate();
    });
    expect(secretsOut.map(isWiped)).toEqual([true]);
  });
});

describe('a platform that fails for a moment', () => {
  it('is asked again by the next call', async () => {
    const key = await crypto.subtle.importKey('raw', generateAesKey(), 'AES-GCM', true, ['encrypt']);
    const keyring = rawAesKeyring({ name: 'k', key });
    const signal = new AbortController().signal;
    Object.defineProperty(crypto.subtle, 'exportKey', {
      value: async () => await Promise.reject(new DOMException('out of memory', 'OperationError')),
      configurable: true,
    });
    try {
      const [check] = (await keyring.check?.({ signal })) ?? [];
      expect(check).toMatchObject({ permitted: { wrap: 'no', unwrap: 'no' }, problem: { reason: 'misconfigured' } });
      await expect(wrapOne(keyring)).rejects.toThrow('out of memory');
    } finally {
      Reflect.deleteProperty(crypto.subtle, 'exportKey');
    }
    expect(await unwrapFrom(keyring, [await wrapOne(keyring)])).toMatchObject({ keyMaterial: DATA_KEY });
    expect((await keyring.check?.({ signal }))?.[0]?.permitted.wrap).toBe('yes');
  });
});
