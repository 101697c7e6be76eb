import type { PublicKeySource } from '@keyfold/core/keyring';

/** Stands in every wrapped key that Google Cloud KMS makes. */
export const PROVIDER = 'gcp-kms';

/** How a symmetric key wraps. */
export const SYMMETRIC = 'GOOGLE_SYMMETRIC_ENCRYPTION';

/** The algorithms of RSA keys that are used, and the bytes of a modulus of each. A closed list. */
export const RSA_ALGORITHMS = {
  RSA_DECRYPT_OAEP_2048_SHA256: 256,
  RSA_DECRYPT_OAEP_3072_SHA256: 384,
  RSA_DECRYPT_OAEP_4096_SHA256: 512,
} as const;

/** RSAES-OAEP with SHA-256 and MGF1-SHA-256 (RFC 8017, section 7.1), by length of the modulus in bits. */
export type GcpKmsRsaAlgorithm = keyof typeof RSA_ALGORITHMS;

/** How a data key is wrapped, in the words of Google Cloud KMS. */
export type GcpKmsAlgorithm = typeof SYMMETRIC | GcpKmsRsaAlgorithm;

export function isRsaAlgorithm(value: unknown): value is GcpKmsRsaAlgorithm {
  return typeof value === 'string' && Object.hasOwn(RSA_ALGORITHMS, value);
}

/** How a key wraps whose modulus has so many bytes. Throws an `Error` for a length that no key has. */
export function algorithmFor(modulusLength: number): GcpKmsRsaAlgorithm {
  const found = Object.entries(RSA_ALGORITHMS).find(([, length]) => length === modulusLength);
  if (found === undefined) throw new Error(`Google Cloud KMS has no RSA key of ${modulusLength} bytes.`);
  return found[0] as GcpKmsRsaAlgorithm;
}

/** Where public keys are from, for errors. */
export const PUBLIC_KEY_SOURCE: PublicKeySource = {
  service: 'Google Cloud KMS',
  command: '"gcloud kms keys versions get-public-key 1 --key … --keyring … --location … --output-file key.pem"',
};
