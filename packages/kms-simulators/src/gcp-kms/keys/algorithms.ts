/** The purposes of keys that the simulator has. */
export const PURPOSES = ['ENCRYPT_DECRYPT', 'ASYMMETRIC_DECRYPT'] as const;
export type KeyPurpose = (typeof PURPOSES)[number];

export const PROTECTION_LEVELS = ['SOFTWARE', 'HSM'] as const;
export type ProtectionLevel = (typeof PROTECTION_LEVELS)[number];

interface RsaAlgorithm {
  readonly modulusLength: number;
  readonly oaepHash: 'sha1' | 'sha256' | 'sha512';
}

/** The algorithms of RSA keys, by the service's names. */
type RsaName =
  | `RSA_DECRYPT_OAEP_${2048 | 3072 | 4096}_${'SHA1' | 'SHA256'}`
  | 'RSA_DECRYPT_OAEP_4096_SHA512';

/** RSAES-OAEP (RFC 8017, section 7.1); lengths in bits. */
const RSA_ALGORITHMS: Readonly<Record<RsaName, RsaAlgorithm>> = {
  RSA_DECRYPT_OAEP_2048_SHA256: { modulusLength: 2048, oaepHash: 'sha256' },
  RSA_DECRYPT_OAEP_3072_SHA256: { modulusLength: 3072, oaepHash: 'sha256' },
  RSA_DECRYPT_OAEP_4096_SHA256: { modulusLength: 4096, oaepHash: 'sha256' },
  RSA_DECRYPT_OAEP_4096_SHA512: { modulusLength: 4096, oaepHash: 'sha512' },
  RSA_DECRYPT_OAEP_2048_SHA1: { modulusLength: 2048, oaepHash: 'sha1' },
  RSA_DECRYPT_OAEP_3072_SHA1: { modulusLength: 3072, oaepHash: 'sha1' },
  RSA_DECRYPT_OAEP_4096_SHA1: { modulusLength: 4096, oaepHash: 'sha1' },
};

/** The algorithms of key versions that the simulator has, by the service's names. */
export type KeyAlgorithm = 'GOOGLE_SYMMETRIC_ENCRYPTION' | RsaName;

/** `undefined` for the symmetric algorithm. */
export function rsaAlgorithm(algorithm: KeyAlgorithm): RsaAlgorithm | undefined {
  return algorithm === 'GOOGLE_SYMMETRIC_ENCRYPTION' ? undefined : RSA_ALGORITHMS[algorithm];
}

/** The algorithm of this name, if keys of this purpose can have it. */
export function algorithmFor(purpose: KeyPurpose, name: string): KeyAlgorithm | undefined {
  if (purpose === 'ENCRYPT_DECRYPT') return name === 'GOOGLE_SYMMETRIC_ENCRYPTION' ? name : undefined;
  return name in RSA_ALGORITHMS ? (name as KeyAlgorithm) : undefined;
}
