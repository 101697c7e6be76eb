import { KmsError } from '../protocol/kms-error.js';
import { keyArn } from './arn.js';
import type { KeySpec } from './key-material.js';
import type { KmsKey } from './kms-key.js';

/** The encryption algorithms that the simulator has. */
export const ENCRYPTION_ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const;
export type EncryptionAlgorithm = (typeof ENCRYPTION_ALGORITHMS)[number];
export type RsaAlgorithm = Exclude<EncryptionAlgorithm, 'SYMMETRIC_DEFAULT'>;

/** The encryption algorithms of a key spec. */
export function encryptionAlgorithms(keySpec: KeySpec): EncryptionAlgorithm[] {
  return keySpec === 'SYMMETRIC_DEFAULT' ? ['SYMMETRIC_DEFAULT'] : ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];
}

/** The signing algorithms of an RSA key, listed only: the simulator does not sign. */
export function signingAlgorithms(): string[] {
  return ['PKCS1_V1_5', 'PSS'].flatMap((scheme) => [256, 384, 512].map((bits) => `RSASSA_${scheme}_SHA_${bits}`));
}

/**
 * @throws KmsError `InvalidKeyUsageException` unless the key encrypts and decrypts with the
 *   algorithm.
 */
export function requireAlgorithm(key: KmsKey, algorithm: EncryptionAlgorithm, operation: string): void {
  if (key.keyUsage !== 'ENCRYPT_DECRYPT') {
    throw new KmsError(
      'InvalidKeyUsageException',
      `${keyArn(key)} key usage is ${key.keyUsage} which is not valid for ${operation}.`,
    );
  }
  if (!encryptionAlgorithms(key.keySpec).includes(algorithm)) {
    throw new KmsError(
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`,
    );
  }
}
