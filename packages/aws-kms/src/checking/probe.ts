import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { DATA_KEY_LENGTH, isKeyfoldError } from '@keyfold/core/keyring';
import type { KeyCheck, KeyringFailure } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { AwsKmsClient, AwsKmsSendOptions } from '../clients/kms-client.js';
import type { Region } from '../names/configured-key.js';
import type { AwsKmsAlgorithm } from '../provider.js';
import { kmsContext } from '../wrapping/encryption-context.js';

/** What a keyring does with a key. */
export type Use = keyof KeyCheck['permitted'];

/** The IAM action behind each use. */
export const ACTIONS = { generate: 'GenerateDataKey', wrap: 'Encrypt', unwrap: 'Decrypt' } as const;

/** Whether the credentials may use a key, and if not, or not known, why. */
export interface Probe {
  readonly permitted: 'yes' | 'no' | 'unknown';
  readonly failure?: KeyringFailure;
}

/** Where to probe, and how. */
export interface ProbeTarget {
  readonly keyId: string;
  readonly region: Region;
  readonly algorithm: AwsKmsAlgorithm;
}

/**
 * Asks AWS KMS whether it would do something, with `DryRun`: it checks permissions and parameters, does nothing, and
 * answers with an error in any case. The encryption context is our mark alone, so policies that ask for more say no.
 */
export async function probe(use: Use, target: ProbeTarget, calls: KmsCalls, signal: AbortSignal): Promise<Probe> {
  const { keyId, region } = target;
  const call: KmsCall = { action: ACTIONS[use], keyId, region, operation: 'check' };
  try {
    await calls.send(call, signal, dryRun(use, target));
    return { permitted: 'yes' };
  } catch (error) {
    if (!isKeyfoldError(error, 'keyring-failed')) throw error;
    if ((error.cause as Error | undefined)?.name === 'DryRunOperationException') return { permitted: 'yes' };
    const { details: failure } = error;
    return { permitted: failure.reason === 'access-denied' ? 'no' : 'unknown', failure };
  }
}

function dryRun(use: Use, { keyId: KeyId, algorithm }: ProbeTarget): (client: AwsKmsClient, options: AwsKmsSendOptions) => Promise<object> {
  const context = algorithm === 'SYMMETRIC_DEFAULT' ? { EncryptionContext: kmsContext() } : {};
  const common = { KeyId, DryRun: true, ...context };
  switch (use) {
    case 'generate': {
      const command = new GenerateDataKeyCommand({ ...common, KeySpec: 'AES_256' });
      return async (client, options) => await client.send(command, options);
    }
    case 'wrap': {
      const Plaintext = new Uint8Array(DATA_KEY_LENGTH);
      const command = new EncryptCommand({ ...common, EncryptionAlgorithm: algorithm, Plaintext });
      return async (client, options) => await client.send(command, options);
    }
    case 'unwrap': {
      const command = new DecryptCommand({ ...common, EncryptionAlgorithm: algorithm, DryRunModifiers: ['IGNORE_CIPHERTEXT'] });
      return async (client, options) => await client.send(command, options);
    }
  }
}
