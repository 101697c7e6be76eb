import { abortable, keyringError, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, KeyringFailure, WrappedKey } from '@keyfold/core/keyring';
import { readRsaKey } from '../names/configured-key.js';
import { DATA_KEY_LENGTH, PROVIDER } from '../provider.js';
import { assertOptions, invalidArgument } from '../refuse.js';
import { isOf } from '../unwrapping/plan.js';
import { sealFor } from '../wrapping/rsa-wrap.js';
import { importPublicKey, readPublicKey } from './public-key.js';
import type { PublicKey, PublicKeyInput } from './public-key.js';

export interface GcpKmsOfflineKeyringOptions {
  /** Name of the version of the RSA key whose public half this is: `…/cryptoKeyVersions/1`. Nothing is asked of Google Cloud KMS. */
  readonly key: string;
  /** The public half, of 2,048, 3,072 or 4,096 bits: the PEM file that `gcloud kms keys versions get-public-key` writes, or DER. */
  readonly publicKey: PublicKeyInput;
}

/** A keyring that has the public half of an RSA key in Google Cloud KMS. */
export interface GcpKmsOfflineKeyring extends Keyring {
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/**
 * A keyring that wraps with the public half of an RSA key in Google Cloud KMS, on this machine and without any request:
 * for a break-glass key that writers can add to every envelope, whatever Google Cloud and their credentials are doing,
 * and that only a recovery uses, through `gcpKmsKeyring({ key })`.
 *
 * It cannot unwrap: an envelope under this key is answered with `keyring-failed` and the reason `misconfigured`. Nothing
 * here proves that the public key is the one of that name; open an envelope with the recovery's keyring once, before you
 * depend on it. Whoever has the public key can make envelopes that the key opens.
 *
 * @throws `invalid-argument` for a name or a public key that cannot be used
 * @example
 * ```ts
 * import { gcpKmsOfflineKeyring } from '@keyfold/gcp-kms';
 * import { readFile } from 'node:fs/promises';
 *
 * const breakGlass = gcpKmsOfflineKeyring({
 *   key: 'projects/recovery/locations/europe/keyRings/break-glass/cryptoKeys/rsa/cryptoKeyVersions/1',
 *   publicKey: await readFile('break-glass.pem', 'utf8'),
 * });
 * ```
 */
export function gcpKmsOfflineKeyring(options: GcpKmsOfflineKeyringOptions): GcpKmsOfflineKeyring {
  assertOptions(options, 'gcpKmsOfflineKeyring({ key, publicKey })');
  const key = readRsaKey(options.key, 'options.key');
  const { text: name, version } = key;
  const keyId = key.name.text;
  const der = readPublicKey(options.publicKey, 'options.publicKey');
  let imported: Promise<PublicKey> | undefined;

  const misconfigured = (operation: KeyringFailure['operation'], message: string, remedy: string, cause?: unknown): Error =>
    keyringError({ provider: PROVIDER, keyring: name, keyId, operation, reason: 'misconfigured', retryable: false, remedy }, message, cause);

  const seal = async (keyMaterial: Uint8Array): Promise<WrappedKey> => {
    try {
      return await sealFor(key, await (imported ??= importPublicKey(der)), keyMaterial);
    } catch (cause) {
      throw misconfigured('wrap', 'the public key is not one that Google Cloud KMS has.', UNUSABLE, cause);
    }
  };

  const keyring: GcpKmsOfflineKeyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId }],

    async wrap({ keyMaterial, signal }) {
      throwIfAborted(signal);
      if (keyMaterial.length !== DATA_KEY_LENGTH) {
        throw invalidArgument('request.keyMaterial', `a data key is ${DATA_KEY_LENGTH} bytes; pass that many.`);
      }
      return { wrappedKeys: [await abortable(seal(keyMaterial), signal)] };
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      const wrappedKeys = request.wrappedKeys.filter((wrappedKey) => isOf(key, wrappedKey)).slice(0, 1);
      const refuse = async (): Promise<never> =>
        await Promise.reject(misconfigured('unwrap', 'this keyring has the public key alone.', `Unwrap with gcpKmsKeyring({ key: '${name}' }).`));
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
          provider: PROVIDER,
          keyId,
          keyVersion: version,
          // The half of the key that is used here is here.
          reachable: true,
          state: 'enabled',
          permitted: { wrap: usable ? 'yes' : 'no', unwrap: 'no', generate: 'no' },
          ...(usable ? {} : { problem: { reason: 'misconfigured', remedy: UNUSABLE } }),
        },
      ];
    },
  };
  return keyring;
}

const UNUSABLE = 'Get the public key again, with "gcloud kms keys versions get-public-key", from an RSA key of purpose ASYMMETRIC_DECRYPT.';
