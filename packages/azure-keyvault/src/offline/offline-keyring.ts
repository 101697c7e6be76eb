import { assertOptions, invalidArgument, publicHalfKeyring, readRsaPublicKey } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, PublicKeyInput, PublicKeySource } from '@keyfold/core/keyring';
import { readKey } from '../names/configured-key.js';
import { PROVIDER } from '../provider.js';
import { readTrustedHosts } from '../settings/read-options.js';
import { isOf } from '../unwrapping/plan.js';

export interface AzureKeyVaultOfflineKeyringOptions {
  /**
   * Identifier of the version of the RSA key whose public half this is: `https://<vault>.vault.azure.net/keys/<name>/<version>`.
   * Nothing is asked of Azure Key Vault.
   */
  readonly key: string;
  /** The public half, of 2,048, 3,072 or 4,096 bits: the PEM file that `az keyvault key download` writes, or DER. */
  readonly publicKey: PublicKeyInput;
  /** As of `azureKeyVaultKeyring`: hosts that are not of Azure's clouds and may stand in `key` all the same. */
  readonly trustedHosts?: readonly string[];
}

/** A keyring that has the public half of an RSA key in Azure Key Vault. */
export interface AzureKeyVaultOfflineKeyring extends Keyring {
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/**
 * A keyring that wraps with the public half of an RSA key in Azure Key Vault, on this machine and without any request: for
 * a break-glass key that writers can add to every envelope, whatever Azure and their credentials are doing, and that only
 * a recovery uses, through `azureKeyVaultKeyring({ key })`.
 *
 * It cannot unwrap: an envelope under this key is answered with `keyring-failed` and the reason `misconfigured`. Nothing
 * here proves that the public key is the one of that version, or that the version is enabled; open an envelope with the
 * recovery's keyring once, before you depend on it. Whoever has the public key can make envelopes that the key opens.
 *
 * @throws `invalid-argument` for an identifier or a public key that cannot be used
 * @example
 * ```ts
 * import { azureKeyVaultOfflineKeyring } from '@keyfold/azure-keyvault';
 * import { readFile } from 'node:fs/promises';
 *
 * const breakGlass = azureKeyVaultOfflineKeyring({
 *   key: 'https://acme-recovery.vault.azure.net/keys/break-glass/0123456789abcdef0123456789abcdef',
 *   publicKey: await readFile('break-glass.pem', 'utf8'),
 * });
 * ```
 */
export function azureKeyVaultOfflineKeyring(options: AzureKeyVaultOfflineKeyringOptions): AzureKeyVaultOfflineKeyring {
  assertOptions(options, 'azureKeyVaultOfflineKeyring({ key, publicKey })');
  const key = readKey(options.key, 'options.key', readTrustedHosts(options.trustedHosts ?? []));
  const { id, text: name, version: keyVersion } = key;
  if (keyVersion === undefined) {
    throw invalidArgument('options.key', `pass the identifier of the version whose public key this is: ${id.text}/<version>.`);
  }
  return publicHalfKeyring({
    provider: PROVIDER,
    name,
    keyId: id.text,
    keyVersion,
    publicKey: readRsaPublicKey(options.publicKey, 'options.publicKey', SOURCE),
    algorithm: () => 'RSA-OAEP-256',
    isOwn: (wrappedKey) => isOf(key, wrappedKey),
    service: SOURCE.service,
    unusable: 'Get the public key again, with "az keyvault key download --encoding PEM", from an RSA key of 2,048, 3,072 or 4,096 bits.',
    opener: `Unwrap with azureKeyVaultKeyring({ key: '${name}' }).`,
  });
}

const SOURCE: PublicKeySource = {
  service: 'Azure Key Vault',
  command: '"az keyvault key download --id https://… --encoding PEM --file key.pem"',
};
