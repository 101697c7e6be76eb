/** Stands in every wrapped key that Azure Key Vault makes. */
export const PROVIDER = 'azure-keyvault';

/**
 * The algorithms that are used, and the possible lengths of a wrapped data key in bytes: that of an RSA modulus, or the
 * data key and 8 bytes (RFC 3394). A closed list. `RSA-OAEP`, which is SHA-1, is not in it: the SDK computes that one by
 * itself, past the permissions and the state of the key.
 */
export const ALGORITHMS = {
  'RSA-OAEP-256': [256, 384, 512],
  A256KW: [40],
} as const;

/** How a data key is wrapped, in the words of Azure Key Vault; `A256KW` in a Managed HSM only. */
export type AzureKeyVaultAlgorithm = keyof typeof ALGORITHMS;

export function isAlgorithm(value: unknown): value is AzureKeyVaultAlgorithm {
  return typeof value === 'string' && Object.hasOwn(ALGORITHMS, value);
}

/** Whether a wrapped data key may have this length. */
export function hasPossibleLength(algorithm: AzureKeyVaultAlgorithm, ciphertext: Uint8Array): boolean {
  const lengths: readonly number[] = ALGORITHMS[algorithm];
  return lengths.includes(ciphertext.length);
}
