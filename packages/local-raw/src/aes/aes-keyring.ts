import { abortable, assertKeyMaterial, assertOptions, notAccepted, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';
import { loadOnce } from '../load-once.js';
import { localKeyCheck, problemOf, PROVIDER, readKeyName } from '../local-key.js';
import { readAesKey } from './aes-key-input.js';
import type { AesKeyInput } from './aes-key-input.js';
import { wrappingFor } from './wrapping.js';

const ALGORITHM = 'HKDF-SHA512-AES-256-GCM';

export interface RawAesKeyringOptions {
  /**
   * What envelopes call the key: 1 to 255 printable ASCII characters without spaces. Give every local key a name of its
   * own, and never give a name to another key: it is how the right key is found among several.
   */
  readonly name: string;
  /** The 256-bit key. Bytes are copied, so that yours may be wiped. */
  readonly key: AesKeyInput;
}

/**
 * A keyring for an AES-256 key that you hold yourself.
 *
 * Every wrap derives a key of its own (HKDF-SHA-512) from the key, the name, the encryption context and 16 random bytes,
 * and encrypts the data key with AES-256-GCM under it: 64 bytes. The keyring keeps the key for as long as it is in use
 * itself; give an HKDF `CryptoKey` if the key shall never be within JavaScript's reach.
 *
 * @throws `invalid-argument` for a name or a key that cannot be used
 * @example
 * ```ts
 * import { decrypt, encrypt } from '@keyfold/core';
 * import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
 *
 * const keyring = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring });
 * const plaintext = await decrypt(envelope, { keyring });
 * ```
 */
export function rawAesKeyring(options: RawAesKeyringOptions): Keyring {
  assertOptions(options, "rawAesKeyring({ name: 'app-2026', key })");
  const name = readKeyName(options.name);
  const loadKek = loadOnce(readAesKey(options.key, 'options.key'));
  const wrapping = wrappingFor(name);

  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],

    async wrap({ keyMaterial, context, signal }) {
      throwIfAborted(signal);
      assertKeyMaterial(keyMaterial);
      const seal = async (): Promise<Uint8Array> => await wrapping.seal(await loadKek(), keyMaterial, context.digest);
      const ciphertext = await abortable(seal(), signal);
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: ALGORITHM, ciphertext }] };
    },

    async unwrap(request) {
      const { context, signal } = request;
      throwIfAborted(signal);
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (keyId !== name || keyVersion !== '' || algorithm !== ALGORITHM) return undefined;
        const open = async (): Promise<Uint8Array> => {
          const keyMaterial = await wrapping.open(await loadKek(), ciphertext, context.digest);
          if (keyMaterial === undefined) throw notAccepted(keyring, name);
          return keyMaterial;
        };
        return async () => await abortable(open(), signal, (late) => void late.fill(0));
      });
    },

    async check({ signal }) {
      throwIfAborted(signal);
      const problem = await problemOf(abortable(loadKek(), signal), 'Give the key again, as bytes.');
      const usable = problem === undefined;
      return [localKeyCheck(name, { wrap: usable, unwrap: usable }, problem)];
    },
  };
  return keyring;
}
