/** Stands in every wrapped key that AWS KMS makes. */
export const PROVIDER = 'aws-kms';

/** How a data key may be wrapped, in the words of AWS KMS. A closed list: no other is ever sent to a key. */
export const ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'] as const;

/** `SYMMETRIC_DEFAULT` for a symmetric key, `RSAES_OAEP_SHA_256` for an RSA key. */
export type AwsKmsAlgorithm = (typeof ALGORITHMS)[number];

export function isAlgorithm(value: unknown): value is AwsKmsAlgorithm {
  return ALGORITHMS.some((algorithm) => algorithm === value);
}
