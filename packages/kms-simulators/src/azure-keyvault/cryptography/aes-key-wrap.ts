import { createCipheriv, createDecipheriv } from 'node:crypto';

/** The default initial value of RFC 3394, section 2.2.3.1. */
const INITIAL_VALUE = Uint8Array.from({ length: 8 }, () => 0xa6);

/** AES Key Wrap (RFC 3394). `undefined` unless there are at least 16 bytes, and a multiple of 8. */
export function wrapAes(key: Uint8Array, plaintext: Uint8Array): Uint8Array | undefined {
  if (plaintext.byteLength < 16 || plaintext.byteLength % 8 !== 0) return undefined;
  const cipher = createCipheriv(`id-aes${key.byteLength * 8}-wrap`, key, INITIAL_VALUE);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}

/** `undefined` if it was not wrapped with this key. */
export function unwrapAes(key: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  if (wrapped.byteLength < 24 || wrapped.byteLength % 8 !== 0) return undefined;
  try {
    const decipher = createDecipheriv(`id-aes${key.byteLength * 8}-wrap`, key, INITIAL_VALUE);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return undefined;
  }
}
