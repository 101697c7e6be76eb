import { DATA_KEY_LENGTH } from '@keyfold/core/keyring';
import type { EncryptionContext } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import { assertArrived, checksumOf, verified } from '../checksums/crc32c.js';
import type { Failure } from '../failures/failure.js';
import { wrongAnswer } from '../failures/kms-error.js';
import { versionName } from '../names/key-name.js';
import { isRsaAlgorithm, RSA_ALGORITHMS } from '../provider.js';
import { additionalData } from '../wrapping/additional-data.js';
import type { Attempt } from './plan.js';

/** Bytes of the longest ciphertext that is sent: that of a data key is some hundred bytes, of an HSM at most 10 KiB of any. */
const MAX_CIPHERTEXT = 8_192;

/** The data key of a wrapped key: 32 bytes that are the caller's. Throws `keyring-failed`, `aborted`. */
export async function decrypt(
  calls: KmsCalls,
  attempt: Attempt,
  context: EncryptionContext,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const { key, wrappedKey } = attempt;
  const call: KmsCall =
    key.kind === 'symmetric'
      ? { action: 'Decrypt', key: key.name, operation: 'unwrap' }
      : { action: 'AsymmetricDecrypt', key: key.name, version: wrappedKey.keyVersion, operation: 'unwrap' };
  if (!hasPossibleLength(attempt)) throw calls.fail(call, NOT_A_CIPHERTEXT);
  const { ciphertext, keyVersion } = wrappedKey;
  const keyMaterial =
    key.kind === 'symmetric' ? await symmetric(calls, call, ciphertext, context, signal) : await asymmetric(calls, call, keyVersion, ciphertext, signal);
  if (keyMaterial.length === DATA_KEY_LENGTH) return keyMaterial;
  keyMaterial.fill(0);
  throw calls.fail(call, wrongAnswer(call, 'without a data key of 32 bytes'));
}

function hasPossibleLength({ key, wrappedKey: { algorithm, ciphertext } }: Attempt): boolean {
  if (key.kind === 'symmetric') return ciphertext.length > 0 && ciphertext.length <= MAX_CIPHERTEXT;
  return isRsaAlgorithm(algorithm) && ciphertext.length === RSA_ALGORITHMS[algorithm];
}

export async function symmetric(
  calls: KmsCalls,
  call: KmsCall,
  ciphertext: Uint8Array,
  context: EncryptionContext,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const aad = additionalData(context);
  const request = {
    name: call.key.text,
    ciphertext,
    ciphertextCrc32c: checksumOf(ciphertext),
    additionalAuthenticatedData: aad,
    additionalAuthenticatedDataCrc32c: checksumOf(aad),
  };
  return await calls.send(
    call,
    signal,
    async (client, options) => await client.decrypt(request, options),
    ({ plaintext, plaintextCrc32c }) => new Uint8Array(verified(plaintext, plaintextCrc32c, 'a data key')),
  );
}

export async function asymmetric(
  calls: KmsCalls,
  call: KmsCall,
  version: string,
  ciphertext: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const request = { name: versionName(call.key, version), ciphertext, ciphertextCrc32c: checksumOf(ciphertext) };
  return await calls.send(
    call,
    signal,
    async (client, options) => await client.asymmetricDecrypt(request, options),
    ({ plaintext, plaintextCrc32c, verifiedCiphertextCrc32c }) => {
      assertArrived(verifiedCiphertextCrc32c, 'the checksum of the wrapped key');
      return new Uint8Array(verified(plaintext, plaintextCrc32c, 'a data key'));
    },
  );
}

const NOT_A_CIPHERTEXT: Failure = {
  reason: 'corrupt',
  retryable: false,
  message: 'the wrapped key has another length than any of Google Cloud KMS.',
  remedy: 'Check that the envelope is unaltered.',
};
