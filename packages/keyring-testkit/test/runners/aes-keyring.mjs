// A sound keyring in plain JavaScript, for the processes that run the built suite.
import { abortable, notAccepted, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';

const PROVIDER = 'plain-aes';
const ALGORITHM = 'A256GCM';

/**
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} key 32 bytes.
 * @returns {import('@keyfold/core').Keyring}
 */
function aesKeyring(name, key) {
  const loading = crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  /** @param {Uint8Array<ArrayBuffer>} iv @param {Uint8Array} digest */
  const gcm = (iv, digest) => ({ name: 'AES-GCM', iv, additionalData: new Uint8Array(digest) });
  /** @type {import('@keyfold/core').Keyring} */
  const keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],
    async wrap({ keyMaterial, context, signal }) {
      throwIfAborted(signal);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealing = crypto.subtle.encrypt(gcm(iv, context.digest), await loading, new Uint8Array(keyMaterial));
      const sealed = new Uint8Array(await abortable(sealing, signal));
      const ciphertext = Uint8Array.of(...iv, ...sealed);
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: ALGORITHM, ciphertext }] };
    },
    async unwrap(request) {
      throwIfAborted(request.signal);
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (keyId !== name || keyVersion !== '' || algorithm !== ALGORITHM) return undefined;
        return async () => {
          const params = gcm(new Uint8Array(ciphertext.subarray(0, 12)), request.context.digest);
          const opening = loading.then(
            async (kek) => await crypto.subtle.decrypt(params, kek, new Uint8Array(ciphertext.subarray(12))),
          );
          try {
            return new Uint8Array(await abortable(opening, request.signal));
          } catch {
            throwIfAborted(request.signal);
            throw notAccepted(keyring, name);
          }
        };
      });
    },
  };
  return keyring;
}

/** @type {import('@keyfold/keyring-testkit').KeyringManifest} */
export const manifest = {
  provider: PROVIDER,
  algorithms: [ALGORITHM],
  contextBinding: 'kms',
  keyVersions: false,
  generate: false,
  check: false,
};

export function factory() {
  const [key, otherKey] = [crypto.getRandomValues(new Uint8Array(32)), crypto.getRandomValues(new Uint8Array(32))];
  return {
    keyring: aesKeyring('one', key),
    twin: aesKeyring('one', key),
    stranger: aesKeyring('other', otherKey),
    secrets: [key],
  };
}
