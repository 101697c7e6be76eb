import type { KeyringFailure } from '@keyfold/core/keyring';
import type { KeyName } from '../names/key-name.js';

/** One request to Google Cloud KMS, as errors name it. */
export interface KmsCall {
  readonly action: 'AsymmetricDecrypt' | 'Decrypt' | 'Encrypt' | 'GetPublicKey';
  readonly key: KeyName;
  /** The version that the request names. */
  readonly version?: string;
  /** What the keyring was asked for. */
  readonly operation: KeyringFailure['operation'];
}
