import { abortable, assertKeyMaterial, assertOptions, DATA_KEY_LENGTH, notAccepted, sealOaep, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { Keyring, KeyringFailure } from '@keyfold/core/keyring';
import { localKeyCheck, misconfigured, problemOf, PROVIDER, readKeyName } from '../local-key.js';
import { readKeyPair } from './key-pair.js';
import { openOaep } from './oaep.js';
import type { RsaKeyInput } from './rsa-key-input.js';

const ALGORITHM = 'RSA-OAEP-256';

export interface RawRsaKeyringOptions {
  /**
   * What envelopes call the key: 1 to 255 printable ASCII characters without spaces. Give every local key a name of its
   * own, and never give a name to another key: it is how the right key is found among several.
   */
  readonly name: string;
  /** Wraps. Not needed next to a private key that tells it. */
  readonly publicKey?: RsaKeyInput;
  /** Unwraps. Leave it out where data is only written. */
  readonly privateKey?: RsaKeyInput;
}

/**
 * A keyring for an RSA key that you hold yourself, of 2,048 to 4,096 bits (RSA-OAEP with SHA-256). The public key alone
 * can wrap, so the private one can stay offline until it is needed: a break-glass key.
 *
 * With a public key only, an envelope under this key is answered with `keyring-failed` and the reason `misconfigured`.
 * With both halves, or a private key that tells its public half, the first wrap proves that the two belong together.
 * Whoever has the public key can make envelopes that the private key opens.
 *
 * @throws `invalid-argument` for a name or a key that cannot be used
 * @example
 * ```ts
 * import { decrypt, encrypt } from '@keyfold/core';
 * import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
 *
 * const { publicKey, privateKey } = await generateRsaKeyPair();
 * const writer = rawRsaKeyring({ name: 'break-glass-2026', publicKey });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring: writer });
 *
 * const recovery = rawRsaKeyring({ name: 'break-glass-2026', privateKey });
 * const plaintext = await decrypt(envelope, { keyring: recovery });
 * ```
 */
export function rawRsaKeyring(options: RawRsaKeyringOptions): Keyring {
  assertOptions(options, "rawRsaKeyring({ name: 'break-glass-2026', publicKey })");
  const name = readKeyName(options.name);
  const { loadWrapping, loadUnwrapping } = readKeyPair(options);

  /** A key, or the error of a keyring that lacks it or cannot use it. */
  const load = async (key: (() => Promise<CryptoKey>) | undefined, operation: KeyringFailure['operation']): Promise<CryptoKey> => {
    if (key === undefined) {
      const half = operation === 'wrap' ? 'public' : 'private';
      throw misconfigured(name, operation, `this keyring has no ${half} key.`, `Give it as ${half}Key to rawRsaKeyring.`);
    }
    try {
      return await key();
    } catch (cause) {
      throw misconfigured(name, operation, UNUSABLE.message, UNUSABLE.remedy, cause);
    }
  };

  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: name }],

    async wrap({ keyMaterial, signal }) {
      throwIfAborted(signal);
      assertKeyMaterial(keyMaterial);
      const seal = async (): Promise<Uint8Array> => await sealOaep(await load(loadWrapping, 'wrap'), keyMaterial);
      const ciphertext = await abortable(seal(), signal);
      return { wrappedKeys: [{ provider: PROVIDER, keyId: name, keyVersion: '', algorithm: ALGORITHM, ciphertext }] };
    },

    async unwrap(request) {
      const { signal } = request;
      throwIfAborted(signal);
      return await unwrapEach(keyring, request, ({ keyId, keyVersion, algorithm, ciphertext }) => {
        if (keyId !== name || keyVersion !== '' || algorithm !== ALGORITHM) return undefined;
        const open = async (): Promise<Uint8Array> => {
          const keyMaterial = await openOaep(await load(loadUnwrapping, 'unwrap'), ciphertext);
          if (keyMaterial?.length === DATA_KEY_LENGTH) return keyMaterial;
          keyMaterial?.fill(0);
          throw notAccepted(keyring, name);
        };
        return async () => await abortable(open(), signal, (late) => void late.fill(0));
      });
    },

    async check({ signal }) {
      throwIfAborted(signal);
      const can = { wrap: loadWrapping !== undefined, unwrap: loadUnwrapping !== undefined };
      const noWrap = loadWrapping && (await problemOf(abortable(loadWrapping(), signal), UNUSABLE.remedy));
      const noUnwrap = loadUnwrapping && (await problemOf(abortable(loadUnwrapping(), signal), UNUSABLE.remedy));
      const works = { wrap: can.wrap && noWrap === undefined, unwrap: can.unwrap && noUnwrap === undefined };
      return [localKeyCheck(name, works, noWrap ?? noUnwrap)];
    },
  };
  return keyring;
}

const UNUSABLE = {
  message: 'the key cannot be imported, or the private key does not open what the public key closes.',
  remedy: 'Check the private key with "openssl pkey -in private.pem -check -noout", and that both halves are of one pair.',
};
