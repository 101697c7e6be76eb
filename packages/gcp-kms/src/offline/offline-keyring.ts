import { assertOptions, publicHalfKeyring, readRsaPublicKey } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, PublicKeyInput } from '@keyfold/core/keyring';
import { readRsaKey } from '../names/configured-key.js';
import { algorithmFor, PROVIDER, PUBLIC_KEY_SOURCE } from '../provider.js';
import { isOf } from '../unwrapping/plan.js';

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
  return publicHalfKeyring({
    provider: PROVIDER,
    name,
    keyId: key.name.text,
    keyVersion: version,
    publicKey: readRsaPublicKey(options.publicKey, 'options.publicKey', PUBLIC_KEY_SOURCE),
    algorithm: algorithmFor,
    isOwn: (wrappedKey) => isOf(key, wrappedKey),
    service: PUBLIC_KEY_SOURCE.service,
    unusable: 'Get the public key again, with "gcloud kms keys versions get-public-key", from an RSA key of purpose ASYMMETRIC_DECRYPT.',
    opener: `Unwrap with gcpKmsKeyring({ key: '${name}' }).`,
  });
}
