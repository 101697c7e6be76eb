import type { KeyringFailure } from '@keyfold/core/keyring';
import type { Region } from '../names/configured-key.js';

/** One request to AWS KMS, as errors name it. */
export interface KmsCall {
  /** What AWS KMS and IAM policies call it. */
  readonly action: 'Decrypt' | 'DescribeKey' | 'Encrypt' | 'GenerateDataKey';
  /** As it is sent: a key ARN, key id, alias or alias ARN. */
  readonly keyId: string;
  readonly region: Region;
  /** What the keyring was asked for. */
  readonly operation: KeyringFailure['operation'];
}
