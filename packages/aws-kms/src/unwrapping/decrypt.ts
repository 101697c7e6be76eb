import { DecryptCommand } from '@aws-sdk/client-kms';
import { DATA_KEY_LENGTH } from '@keyfold/core/keyring';
import type { EncryptionContext } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import { wipe } from '../calls/kms-calls.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { wrongAnswer } from '../failures/kms-error.js';
import type { Failure } from '../failures/failure.js';
import { isSameKey, parseKeyArn } from '../names/key-arn.js';
import { kmsContext } from '../wrapping/encryption-context.js';
import { MAX_CIPHERTEXT } from '../wrapping/wrapped-key.js';
import type { Attempt } from './plan.js';

/** The data key of a wrapped key: 32 bytes that are the caller's. Throws `keyring-failed`, `aborted`. */
export async function decrypt(
  calls: KmsCalls,
  { candidate, keyId, region }: Attempt,
  context: EncryptionContext,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { algorithm, wrappedKey } = candidate;
  const call: KmsCall = { action: 'Decrypt', keyId, region, operation: 'unwrap' };
  if (wrappedKey.ciphertext.length === 0 || wrappedKey.ciphertext.length > MAX_CIPHERTEXT) throw calls.fail(call, NOT_A_CIPHERTEXT);
  const command = new DecryptCommand({
    KeyId: keyId,
    EncryptionAlgorithm: algorithm,
    CiphertextBlob: wrappedKey.ciphertext,
    ...(algorithm === 'SYMMETRIC_DEFAULT' ? { EncryptionContext: kmsContext(context) } : {}),
  });
  const answer = await calls.send(call, signal, async (client, options) => await client.send(command, options));
  try {
    const { KeyId, Plaintext } = answer;
    if (!isAnswerOf(call, candidate, KeyId)) throw calls.fail(call, wrongAnswer(call, 'for another key than the one that was asked for'));
    if (Plaintext?.length !== DATA_KEY_LENGTH) throw calls.fail(call, wrongAnswer(call, 'without a data key of 32 bytes'));
    return new Uint8Array(Plaintext);
  } finally {
    wipe(answer);
  }
}

/** Whether the key that answered is the one that was asked for: its ARN, or that of the key id. */
function isAnswerOf({ keyId }: KmsCall, candidate: Attempt['candidate'], answered = ''): boolean {
  if (parseKeyArn(keyId) !== undefined) return answered === keyId;
  const arn = parseKeyArn(answered);
  return arn !== undefined && isSameKey(arn, candidate.arn);
}

const NOT_A_CIPHERTEXT: Failure = {
  reason: 'corrupt',
  retryable: false,
  message: 'the wrapped key has another length than any of AWS KMS.',
  remedy: 'Check that the envelope is unaltered.',
};
