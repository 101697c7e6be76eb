/**
 * The keyring for Azure Key Vault and Managed HSM: RSA keys, which can be wrapped with offline, and AES keys.
 *
 * @packageDocumentation
 */
export type {
  AzureKeyVaultAnswer,
  AzureKeyVaultCallOptions,
  AzureKeyVaultClient,
  AzureKeyVaultClientOptions,
  AzureKeyVaultCredential,
} from './clients/vault-client.js';
export { azureKeyVaultKeyring } from './keyring.js';
export type { AzureKeyVaultKeyring } from './keyring.js';
export { azureKeyVaultOfflineKeyring } from './offline/offline-keyring.js';
export type { AzureKeyVaultOfflineKeyring, AzureKeyVaultOfflineKeyringOptions } from './offline/offline-keyring.js';
export type { PublicKeyInput } from '@keyfold/core/keyring';
export type { AzureKeyVaultAlgorithm } from './provider.js';
export type { AzureKeyVaultKeyringOptions } from './settings/options.js';
