/**
 * Simulated key management services for laptops, tests and recovery drills: real protocols, real
 * cryptography, faults on demand.
 *
 * @module
 */
export { startSimulators, type Simulators, type SimulatorsOptions } from './simulators.js';
export type { AwsKmsOptions } from './aws-kms/aws-kms-options.js';
export type { AwsKmsSimulator } from './aws-kms/aws-kms-simulator.js';
export type { AwsClientConfig } from './aws-kms/client-config.js';
export type { FoundKey, KeyQuery } from './aws-kms/find-key.js';
export type { CreatedKey, NewKey } from './aws-kms/make-key.js';
export type { KeySpec } from './aws-kms/keys/key-material.js';
export type { KeyState } from './aws-kms/keys/key-state.js';
export type { KeyUsage } from './aws-kms/keys/kms-key.js';
export type { AzureKeyVaultOptions, NewVault as NewAzureVault } from './azure-keyvault/azure-keyvault-options.js';
export type { AzureKeyVaultSimulator } from './azure-keyvault/azure-keyvault-simulator.js';
export type { AzureClientOptions, AzureCredential } from './azure-keyvault/client-options.js';
export type { Token as AzureToken } from './azure-keyvault/identity/tokens.js';
export type { FoundAzureKey } from './azure-keyvault/key-lookup.js';
export type { KeyOperation as AzureKeyOperation, KeyType as AzureKeyType } from './azure-keyvault/keys/key.js';
export type { VaultKind as AzureVaultKind } from './azure-keyvault/keys/vault.js';
export type { CreatedAzureKey, NewAzureKey } from './azure-keyvault/make-key.js';
export type { GcpClientOptions } from './gcp-kms/client-options.js';
export type { GcpKmsOptions } from './gcp-kms/gcp-kms-options.js';
export type { GcpKmsSimulator } from './gcp-kms/gcp-kms-simulator.js';
export type { KeyAlgorithm as GcpKeyAlgorithm, ProtectionLevel as GcpProtectionLevel } from './gcp-kms/keys/algorithms.js';
export type { VersionState as GcpVersionState } from './gcp-kms/keys/crypto-key.js';
export type { CreatedGcpKey, FoundGcpKey, NewGcpKey } from './gcp-kms/make-key.js';
export type { SimulatedClock } from './shared/clock/simulated-clock.js';
export { SimulatorError, type SimulatorErrorCode } from './shared/errors.js';
export { FAULT_KINDS, type EffectOf, type Fault, type FaultEffect, type FaultKind } from './shared/faults/fault.js';
export type { FaultBoard } from './shared/faults/fault-board.js';
export type { InjectedFault } from './shared/faults/injected-fault.js';
export type { ProviderName } from './shared/providers.js';
export type { RequestFacts } from './shared/requests/request-facts.js';
export type { RecordedRequest, RequestLog } from './shared/requests/request-log.js';
export type { RequestFilter, RequestOutcome, RequestTarget } from './shared/requests/request-target.js';
export type { RequestCount } from './shared/requests/request-tally.js';
