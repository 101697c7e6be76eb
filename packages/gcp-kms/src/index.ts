/**
 * The keyring for Google Cloud KMS: symmetric keys, and RSA keys that can be wrapped with offline.
 *
 * @packageDocumentation
 */
export type { GcpKmsCallOptions, GcpKmsClient, GcpKmsClientOptions } from './clients/kms-client.js';
export { gcpKmsKeyring } from './keyring.js';
export type { GcpKmsKeyring } from './keyring.js';
export { gcpKmsOfflineKeyring } from './offline/offline-keyring.js';
export type { GcpKmsOfflineKeyring, GcpKmsOfflineKeyringOptions } from './offline/offline-keyring.js';
export type { PublicKeyInput } from '@keyfold/core/keyring';
export type { GcpKmsAlgorithm, GcpKmsRsaAlgorithm } from './provider.js';
export type { GcpKmsKeyringOptions } from './settings/options.js';
