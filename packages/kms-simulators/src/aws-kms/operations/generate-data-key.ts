import { randomBytes } from 'node:crypto';
import { sealBlob } from '../cryptography/ciphertext-blob.js';
import { keyArn } from '../keys/arn.js';
import { currentVersion } from '../keys/key-material.js';
import { resolveKey } from '../keys/resolve-key.js';
import type { Input } from '../protocol/input.js';
import { KmsError, validationError } from '../protocol/kms-error.js';
import { requireEncryption } from './encrypt.js';
import { base64, endDryRun, type Operation } from './operation.js';

const DATA_KEY_BYTES = { AES_128: 16, AES_256: 32 } as const;

/** Makes a data key and gives it both in the clear and encrypted under a symmetric key. */
export const generateDataKey: Operation = (input, context) => {
  const length = dataKeyLength(input);
  const pairs = input.pairs('EncryptionContext');
  const key = resolveKey(input.text('KeyId'), context);
  requireEncryption(key, 'SYMMETRIC_DEFAULT', pairs, context);
  if (key.material.kind !== 'symmetric') {
    throw new KmsError('InvalidKeyUsageException', `${keyArn(key)} is not a symmetric key.`);
  }
  endDryRun(input);
  const plaintext = randomBytes(length);
  return {
    CiphertextBlob: base64(sealBlob(key, key.material, plaintext, pairs)),
    KeyId: keyArn(key),
    KeyMaterialId: currentVersion(key.material).id,
    Plaintext: base64(plaintext),
  };
};

/** The same without the plaintext, for a key that is needed later. */
export const generateDataKeyWithoutPlaintext: Operation = async (input, context) => {
  const { Plaintext: _, ...answer } = await generateDataKey(input, context);
  return answer;
};

function dataKeyLength(input: Input): number {
  const keySpec = input.choice('KeySpec', ['AES_128', 'AES_256']);
  const bytes = input.integer('NumberOfBytes', 1, 1024);
  if ((keySpec === undefined) === (bytes === undefined)) {
    throw validationError('Please specify either number of bytes or key spec.');
  }
  return keySpec === undefined ? (bytes ?? 0) : DATA_KEY_BYTES[keySpec];
}
