import type { EncryptionContext } from '@keyfold/core/keyring';

/** Begins the additional data, so that a wrapped key cannot be used through an application that sends none of ours. */
const LABEL = new TextEncoder().encode('keyfold/v1');

/** The additional authenticated data of every request: the label and the context's SHA-256, 42 bytes (specification, "Providers"). */
export function additionalData({ digest }: EncryptionContext): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LABEL.length + digest.length);
  bytes.set(LABEL);
  bytes.set(digest, LABEL.length);
  return bytes;
}
