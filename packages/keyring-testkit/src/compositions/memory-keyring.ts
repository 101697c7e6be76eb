import type { Keyring } from '@keyfold/core';
import { abortable, notAccepted, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import { concat, randomBytes, toHex } from '../support/bytes.js';

const PROVIDER = 'testkit-memory';
const ALGORITHM = 'A256GCM';

/** A keyring with a random key of its own, for something to compose with. AES-256-GCM, the context's digest as AAD. */
export function memoryKeyring(): Keyring {
  const name = `memory-${toHex(randomBytes(8))}`;
  const bytes = randomBytes(32);
  const load = async (): Promise<CryptoKey> =>
    await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const gcm = (iv: Uint8Array, digest: Uint8Array): AesGcmParams => ({
    name: 'AES-GCM',
    iv: new Uint8Array(iv),
    additionalData: new Uint8Array(digest),
  });

  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],

    async wrap({ keyMaterial, context, signal }) {
      throwIfAborted(signal);
      const iv = randomBytes(12);
      const seal = async (): Promise<ArrayBuffer> =>
        await crypto.subtle.encrypt(gcm(iv, context.digest), await load(), new Uint8Array(keyMaterial));
      const ciphertext = concat(iv, new Uint8Array(await abortable(seal(), signal)));
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: ALGORITHM, ciphertext }] };
    },

    async unwrap(request) {
      const { context, signal } = request;
      throwIfAborted(signal);
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (keyId !== name || keyVersion !== '' || algorithm !== ALGORITHM) return undefined;
        const open = async (): Promise<Uint8Array> => {
          const params = gcm(ciphertext.subarray(0, 12), context.digest);
          try {
            const key = await load();
            return new Uint8Array(await crypto.subtle.decrypt(params, key, new Uint8Array(ciphertext.subarray(12))));
          } catch {
            throw notAccepted(keyring, name);
          }
        };
        return async () => await abortable(open(), signal, (late) => void late.fill(0));
      });
    },
  };
  return keyring;
}
