import { abortable, keyringError, throwIfAborted, unwrapEach } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring, KeyringFailure, WrappedKey } from '@keyfold/core/keyring';
import { readKey } from '../names/configured-key.js';
import { DATA_KEY_LENGTH, PROVIDER } from '../provider.js';
import { assertOptions, invalidArgument } from '../refuse.js';
import { readTrustedHosts } from '../settings/read-options.js';
import { isOf } from '../unwrapping/plan.js';
import { importPublicKey, readPublicKey, sealOaep } from './public-key.js';
import type { PublicKeyInput } from './public-key.js';

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
  const keyId = id.text;
  const der = readPublicKey(options.publicKey, 'options.publicKey');
  let imported: Promise<CryptoKey> | undefined;

  const misconfigured = (operation: KeyringFailure['operation'], message: string, remedy: string, cause?: unknown): Error =>
    keyringError({ provider: PROVIDER, keyring: name, keyId, operation, reason: 'misconfigured', retryable: false, remedy }, message, cause);

  const seal = async (keyMaterial: Uint8Array): Promise<WrappedKey> => {
    try {
      const ciphertext = await sealOaep(await (imported ??= importPublicKey(der)), keyMaterial);
      return { provider: PROVIDER, keyId, keyVersion, algorithm: 'RSA-OAEP-256', ciphertext };
    } catch (cause) {
      throw misconfigured('wrap', 'the public key is not one that Azure Key Vault has.', UNUSABLE, cause);
    }
  };

  const keyring: AzureKeyVaultOfflineKeyring = {
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
        await Promise.reject(misconfigured('unwrap', 'this keyring has the public key alone.', `Unwrap with azureKeyVaultKeyring({ key: '${name}' }).`));
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
          keyVersion,
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

const UNUSABLE = 'Get the public key again, with "az keyvault key download --encoding PEM", from an RSA key of 2,048, 3,072 or 4,096 bits.';
