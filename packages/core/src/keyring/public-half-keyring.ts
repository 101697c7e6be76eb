import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import type { KeyringFailure } from '../errors/codes.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { assertKeyMaterial } from './arguments.js';
import { keyringError } from './keyring-error.js';
import type { CheckRequest, KeyCheck, Keyring } from './keyring.js';
import { importRsaPublicKey, modulusLengthOf, sealOaep } from './rsa-public-key.js';
import { unwrapEach } from './unwrap-each.js';

/** The public half of an RSA key in a key service, and how its service's keyring speaks of it. */
export interface PublicHalf {
  readonly provider: string;
  /** How errors name the keyring. */
  readonly name: string;
  readonly keyId: string;
  /** Empty where the service has none for such keys. */
  readonly keyVersion: string;
  /** From `readRsaPublicKey`. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** What envelopes call RSA-OAEP with SHA-256, under a modulus of so many bytes. */
  readonly algorithm: (modulusLength: number) => string;
  /** Whether the service's own keyring for this key would take a wrapped key for one of it. */
  readonly isOwn: (wrappedKey: WrappedKey) => boolean;
  /** The service as people call it, such as `AWS KMS`. */
  readonly service: string;
  /** What to do about a key that none of the service can have, as a sentence. */
  readonly unusable: string;
  /** What unwraps, as a sentence: `Unwrap with awsKmsKeyring({ key: '…' }).` */
  readonly opener: string;
}

/** A keyring that can wrap and check, and not unwrap. */
export interface PublicHalfKeyring extends Keyring {
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/**
 * A keyring that wraps with the public half of an RSA key in a key service, on this machine and without any request: the
 * break-glass keys of the clouds. A wrapped key that is its own it answers with `keyring-failed` and the reason
 * `misconfigured`, as the contract wants it of whoever has the public half alone. A key that cannot be used shows when it is
 * used, and in `check`.
 */
export function publicHalfKeyring(half: PublicHalf): PublicHalfKeyring {
  const { provider, name, keyId, keyVersion, service, unusable } = half;
  let imported: Promise<CryptoKey> | undefined;

  const misconfigured = (operation: KeyringFailure['operation'], message: string, remedy: string, cause?: unknown): Error =>
    keyringError({ provider, keyring: name, keyId, operation, reason: 'misconfigured', retryable: false, remedy }, message, cause);

  const seal = async (keyMaterial: Uint8Array): Promise<WrappedKey> => {
    try {
      const key = await (imported ??= importRsaPublicKey(half.publicKey));
      const ciphertext = await sealOaep(key, keyMaterial);
      return { provider, keyId, keyVersion, algorithm: half.algorithm(modulusLengthOf(key)), ciphertext };
    } catch (cause) {
      throw misconfigured('wrap', `the public key is not one that ${service} has.`, unusable, cause);
    }
  };

  const keyring: PublicHalfKeyring = {
    specificationVersion: 'keyring-v1',
    provider,
    name,
    keks: [{ provider, keyId }],

    async wrap({ keyMaterial, signal }) {
      throwIfAborted(signal);
      assertKeyMaterial(keyMaterial);
      return { wrappedKeys: [await abortable(seal(keyMaterial), signal)] };
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      const wrappedKeys = request.wrappedKeys.filter((wrappedKey) => half.isOwn(wrappedKey)).slice(0, 1);
      const refuse = async (): Promise<never> => await Promise.reject(misconfigured('unwrap', 'this keyring has the public key alone.', half.opener));
      return await unwrapEach(keyring, { ...request, wrappedKeys }, () => refuse);
    },

    async check({ signal }) {
      throwIfAborted(signal);
      const probe = seal(new Uint8Array(DATA_KEY_LENGTH)).then(
        () => true,
        () => false,
      );
      const usable = await abortable(probe, signal);
      return [
        {
          provider,
          keyId,
          keyVersion,
          // The half of the key that is used here is here.
          reachable: true,
          state: 'enabled',
          permitted: { wrap: usable ? 'yes' : 'no', unwrap: 'no', generate: 'no' },
          ...(usable ? {} : { problem: { reason: 'misconfigured', remedy: unusable } }),
        },
      ];
    },
  };
  return keyring;
}
