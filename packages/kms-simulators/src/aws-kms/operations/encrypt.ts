import { sealBlob } from '../cryptography/ciphertext-blob.js';
import type { EncryptionContext } from '../cryptography/encryption-context.js';
import { encryptOaep } from '../cryptography/rsa-oaep.js';
import { ENCRYPTION_ALGORITHMS, requireAlgorithm, type EncryptionAlgorithm } from '../keys/algorithms.js';
import { keyArn } from '../keys/arn.js';
import { requireUsable } from '../keys/key-state.js';
import type { KmsKey } from '../keys/kms-key.js';
import { resolveKey } from '../keys/resolve-key.js';
import { validationError } from '../protocol/kms-error.js';
import { base64, endDryRun, type Operation, type OperationContext } from './operation.js';

/** Encrypts up to 4096 bytes, or what fits an RSA key. */
export const encrypt: Operation = (input, context) => {
  const algorithm = input.choice('EncryptionAlgorithm', ENCRYPTION_ALGORITHMS) ?? 'SYMMETRIC_DEFAULT';
  const plaintext = input.bytes('Plaintext', { max: 4096 });
  const pairs = input.pairs('EncryptionContext');
  const key = resolveKey(input.text('KeyId'), context);
  requireEncryption(key, algorithm, pairs, context);
  endDryRun(input);
  return {
    CiphertextBlob: base64(encryptUnder(key, algorithm, plaintext, pairs)),
    EncryptionAlgorithm: algorithm,
    KeyId: keyArn(key),
  };
};

/** @throws KmsError unless the key may be used now, with this algorithm and context. */
export function requireEncryption(
  key: KmsKey,
  algorithm: EncryptionAlgorithm,
  pairs: EncryptionContext,
  { now, operation }: OperationContext,
): void {
  requireUsable(key, now);
  requireAlgorithm(key, algorithm, operation);
  if (algorithm !== 'SYMMETRIC_DEFAULT' && pairs.size > 0) {
    throw validationError(`EncryptionContext is not supported with algorithm ${algorithm}.`);
  }
}

/** The encryption itself, after all checks. */
export function encryptUnder(
  key: KmsKey,
  algorithm: EncryptionAlgorithm,
  plaintext: Uint8Array,
  pairs: EncryptionContext,
): Uint8Array<ArrayBuffer> {
  if (key.material.kind === 'symmetric') return sealBlob(key, key.material, plaintext, pairs);
  if (algorithm === 'SYMMETRIC_DEFAULT') throw new TypeError('An RSA key passed as a symmetric one.');
  return encryptOaep(key.keySpec, key.material, algorithm, plaintext);
}
