import type { KeyringFailure } from '@keyfold/core/keyring';
import type { ConfiguredKey } from '../names/configured-key.js';
import type { AzureKeyVaultAlgorithm } from '../provider.js';

/** One request to Azure Key Vault, as errors name it. */
export interface VaultCall {
  readonly action: 'unwrapKey' | 'wrapKey';
  readonly key: Pick<ConfiguredKey, 'id' | 'isHsm'>;
  /** The version that the request names; without one, the service uses the newest. */
  readonly version: string | undefined;
  readonly algorithm: AzureKeyVaultAlgorithm;
  /** What the keyring was asked for. */
  readonly operation: KeyringFailure['operation'];
}
