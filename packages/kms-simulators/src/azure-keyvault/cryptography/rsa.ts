import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';

/** The paddings that the service takes, by its names for them (RFC 8017). */
export const RSA_PADDINGS = {
  'RSA-OAEP-256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', overhead: 66 },
  'RSA-OAEP': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1', overhead: 42 },
  RSA1_5: { padding: constants.RSA_PKCS1_PADDING, oaepHash: undefined, overhead: 11 },
} as const;
export type RsaAlgorithm = keyof typeof RSA_PADDINGS;

/** `undefined` if the plaintext is too long for the key. */
export function encryptRsa(key: KeyObject, algorithm: RsaAlgorithm, size: number, plaintext: Uint8Array): Uint8Array | undefined {
  const { padding, oaepHash, overhead } = RSA_PADDINGS[algorithm];
  if (plaintext.byteLength > size / 8 - overhead) return undefined;
  return publicEncrypt({ key, padding, ...(oaepHash && { oaepHash }) }, plaintext);
}

/** `undefined` if the ciphertext was not made so, or with another key. */
export function decryptRsa(key: KeyObject, algorithm: RsaAlgorithm, ciphertext: Uint8Array): Uint8Array | undefined {
  const { padding, oaepHash } = RSA_PADDINGS[algorithm];
  try {
    return privateDecrypt({ key, padding, ...(oaepHash && { oaepHash }) }, ciphertext);
  } catch {
    return undefined;
  }
}
