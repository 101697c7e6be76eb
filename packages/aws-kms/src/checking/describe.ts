import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { isKeyfoldError } from '@keyfold/core/keyring';
import type { KeyCheck, KeyfoldError } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { wrongAnswer } from '../failures/kms-error.js';
import { mayAnswer, nameInRegion } from '../names/configured-key.js';
import type { ConfiguredKey, Region } from '../names/configured-key.js';
import { parseKeyArn } from '../names/key-arn.js';
import type { AwsKmsAlgorithm } from '../provider.js';

/** What `DescribeKey` says of a key, or why it does not. */
export type Description =
  | { readonly metadata: KeyMetadata; readonly arn: string }
  | { readonly error: KeyfoldError<'keyring-failed'> };

/** Describes a configured key in a Region. Throws `aborted` alone. */
export async function describe(key: ConfiguredKey, region: Region, calls: KmsCalls, signal: AbortSignal): Promise<Description> {
  const keyId = nameInRegion(key, region);
  const call: KmsCall = { action: 'DescribeKey', keyId, region, operation: 'check' };
  try {
    const command = new DescribeKeyCommand({ KeyId: keyId });
    const { KeyMetadata: metadata } = await calls.send(call, signal, async (client, options) => await client.send(command, options));
    const arn = parseKeyArn(metadata?.Arn ?? '');
    if (metadata !== undefined && arn !== undefined && mayAnswer(key, region, arn)) return { metadata, arn: arn.text };
    throw calls.fail(call, wrongAnswer(call, 'for another key than the one that was asked for'));
  } catch (error) {
    if (!isKeyfoldError(error, 'keyring-failed')) throw error;
    return { error };
  }
}

/** Whether it was AWS KMS that a failed call failed at. */
export function wasReached({ details, cause }: KeyfoldError<'keyring-failed'>): boolean {
  if (details.reason === 'integrity') return true;
  const { $metadata } = (cause ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode !== undefined && details.reason !== 'unavailable';
}

/** The state of a key in the contract's words. States that pass by themselves, or with help, are `unknown`. */
export function stateOf({ KeyState }: KeyMetadata): KeyCheck['state'] {
  switch (KeyState) {
    case 'Enabled':
      return 'enabled';
    case 'Disabled':
      return 'disabled';
    case 'PendingDeletion':
    case 'PendingReplicaDeletion':
      return 'pending-deletion';
    case 'Creating':
    case 'PendingImport':
    case 'Unavailable':
    case 'Updating':
    case undefined:
      return 'unknown';
  }
}

/** How a key wraps, by what it is; `undefined` for a key that is not for encryption. */
export function algorithmOf({ KeyUsage, EncryptionAlgorithms = [] }: KeyMetadata): AwsKmsAlgorithm | undefined {
  if (KeyUsage !== 'ENCRYPT_DECRYPT') return undefined;
  if (EncryptionAlgorithms.includes('SYMMETRIC_DEFAULT')) return 'SYMMETRIC_DEFAULT';
  return EncryptionAlgorithms.includes('RSAES_OAEP_SHA_256') ? 'RSAES_OAEP_SHA_256' : undefined;
}
