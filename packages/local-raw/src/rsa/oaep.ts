/**
 * RSA-OAEP-256 (RFC 8017, section 7.1): SHA-256 for the hash and for MGF1, empty label. Through WebCrypto on every
 * runtime: one implementation, and in Node it runs outside the event loop.
 */
export const OAEP_SHA256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

/**
 * The plaintext, or `undefined` for every failure alike: what is wrong with a ciphertext is nothing that anybody outside
 * may learn.
 */
export async function openOaep(privateKey: CryptoKey, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (ciphertext.length !== modulusBytes(privateKey)) return undefined;
  try {
    return new Uint8Array(await crypto.subtle.decrypt(OAEP_SHA256, privateKey, owned(ciphertext)));
  } catch {
    return undefined;
  }
}

function modulusBytes(key: CryptoKey): number {
  return Math.ceil((key.algorithm as RsaKeyAlgorithm).modulusLength / 8);
}

/** WebCrypto copies its input at the call, and refuses a view over shared memory: that is copied first. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
