import { openBlob, parseBlob } from '../cryptography/ciphertext-blob.js';
import { decryptOaep } from '../cryptography/rsa-oaep.js';
import { ENCRYPTION_ALGORITHMS, type EncryptionAlgorithm } from '../keys/algorithms.js';
import { keyArn } from '../keys/arn.js';
import type { KmsKey } from '../keys/kms-key.js';
import { resolveKey } from '../keys/resolve-key.js';
import type { Input } from '../protocol/input.js';
import { invalidCiphertext, KmsError, validationError } from '../protocol/kms-error.js';
import { requireEncryption } from './encrypt.js';
import { base64, endDryRun, type Operation, type OperationContext } from './operation.js';

/** Names of the fields of the ciphertext's side: Decrypt and ReEncrypt call them differently. */
export interface SourceFields {
  readonly keyId: string;
  readonly context: string;
  readonly algorithm: string;
}

/** What was encrypted, and under what. */
export interface Decrypted {
  readonly key: KmsKey;
  readonly algorithm: EncryptionAlgorithm;
  readonly plaintext: Uint8Array<ArrayBuffer>;
  /** Symmetric keys only. */
  readonly materialId: string | undefined;
}

/** Decrypts; a symmetric ciphertext tells its key, an RSA one does not. */
export const decrypt: Operation = (input, context) => {
  if (input.flag('DryRun') && input.lists('DryRunModifiers', 'IGNORE_CIPHERTEXT')) {
    const algorithm = input.choice('EncryptionAlgorithm', ENCRYPTION_ALGORITHMS) ?? 'SYMMETRIC_DEFAULT';
    requireEncryption(resolveKey(input.text('KeyId'), context), algorithm, new Map(), context);
    endDryRun(input);
  }
  const { key, algorithm, plaintext, materialId } = decryptSource(input, context, {
    keyId: 'KeyId',
    context: 'EncryptionContext',
    algorithm: 'EncryptionAlgorithm',
  });
  endDryRun(input);
  return {
    EncryptionAlgorithm: algorithm,
    KeyId: keyArn(key),
    KeyMaterialId: materialId,
    Plaintext: base64(plaintext),
  };
};

/** Decrypts the `CiphertextBlob` of a request. */
export function decryptSource(input: Input, context: OperationContext, names: SourceFields): Decrypted {
  const algorithm = input.choice(names.algorithm, ENCRYPTION_ALGORITHMS) ?? 'SYMMETRIC_DEFAULT';
  const ciphertext = input.bytes('CiphertextBlob', { max: 6144 });
  const pairs = input.pairs(names.context);
  const name = input.optionalText(names.keyId);
  if (algorithm !== 'SYMMETRIC_DEFAULT') {
    if (name === undefined) throw validationError(`${names.keyId} is required with algorithm ${algorithm}.`);
    const key = resolveKey(name, context);
    requireEncryption(key, algorithm, pairs, context);
    if (key.material.kind !== 'rsa') throw invalidCiphertext();
    return { key, algorithm, plaintext: decryptOaep(key.material, algorithm, ciphertext), materialId: undefined };
  }
  const named = name === undefined ? undefined : resolveKey(name, context);
  const blob = parseBlob(ciphertext);
  if (named !== undefined && (named.keyId !== blob.keyId || named.account !== blob.account)) {
    throw new KmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  const key = named ?? context.store.key({ ...blob, region: context.caller.region });
  if (key === undefined) {
    throw new KmsError(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, ' +
        'does not exist in this region, or you are not allowed to access.',
    );
  }
  requireEncryption(key, algorithm, pairs, context);
  if (key.material.kind !== 'symmetric') throw invalidCiphertext();
  return { key, algorithm, plaintext: openBlob(blob, key.material, pairs), materialId: blob.materialId };
}
