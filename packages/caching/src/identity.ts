import { primitives } from '@keyfold/core/keyring';
import type { EncryptionContext, WrappedKey } from '@keyfold/core/keyring';

/**
 * What a wrapped key is kept under: the SHA-256 of the encryption context's digest and of every field. A key that opened one
 * context's envelope does not open another's, though a KMS would have to be asked to tell.
 */
export async function identityOf(wrappedKey: WrappedKey, context: EncryptionContext): Promise<string> {
  const { provider, keyId, keyVersion, algorithm, ciphertext } = wrappedKey;
  // Arrays of strings have one reading as JSON.
  const text = JSON.stringify([toHex(context.digest), provider, keyId, keyVersion, algorithm, toHex(ciphertext)]);
  return toHex(await primitives.sha256(new TextEncoder().encode(text)));
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
