/**
 * The keyring for AWS KMS: symmetric keys, multi-Region keys, and RSA keys that can be wrapped with offline.
 *
 * @packageDocumentation
 */
export type { AwsKmsClient, AwsKmsClientConfig, AwsKmsSendOptions } from './clients/kms-client.js';
export { awsKmsKeyring } from './keyring.js';
export type { AwsKmsKeyring } from './keyring.js';
export { awsKmsOfflineKeyring } from './offline/offline-keyring.js';
export type { AwsKmsOfflineKeyring, AwsKmsOfflineKeyringOptions } from './offline/offline-keyring.js';
export type { PublicKeyInput } from '@keyfold/core/keyring';
export type { AwsKmsAlgorithm } from './provider.js';
export type { AwsKmsKeyringOptions } from './settings/options.js';
