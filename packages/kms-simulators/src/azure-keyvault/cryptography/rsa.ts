import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';

/** The paddings that the service takes, by its names for them, with the bytes that each needs (RFC 8017). */
const PADDINGS = {
  'RSA-OAEP-256': { oaepHash: 'sha256', overhead: 66 },
  'RSA-OAEP': { oaepHash: 'sha1', overhead: 42 },
  RSA1_5: { oaepHash: undefined, overhead: 11 },
} as const;
export type RsaAlgorithm = keyof typeof PADDINGS;

export function isRsaAlgorithm(text: string): text is RsaAlgorithm {
  return Object.hasOwn(PADDINGS, text);
}

/** `undefined` if the plaintext is too long for the key. */
export function encryptRsa(key: KeyObject, algorithm: RsaAlgorithm, size: number, plaintext: Uint8Array): Uint8Array | undefined {
  const { oaepHash, overhead } = PADDINGS[algorithm];
  if (plaintext.byteLength > size / 8 - overhead) return undefined;
  if (oaepHash === undefined) return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, plaintext);
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, plaintext);
}

/** `undefined` if the ciphertext was not made so, or with another key. */
export function decryptRsa(key: KeyObject, algorithm: RsaAlgorithm, ciphertext: Uint8Array): Uint8Array | undefined {
  const { oaepHash } = PADDINGS[algorithm];
  try {
    if (oaepHash !== undefined) return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, ciphertext);
    return withoutPadding(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext));
  } catch {
    return undefined;
  }
}

/**
 * RFC 8017, section 7.2.2. Node refuses to remove this padding where its OpenSSL would leak how that went;
 * here it does not matter, since no secret of value is behind it.
 */
function withoutPadding(message: Uint8Array): Uint8Array | undefined {
  const end = message.indexOf(0, 2);
  return message[0] === 0 && message[1] === 2 && end >= 10 ? message.subarray(end + 1) : undefined;
}
