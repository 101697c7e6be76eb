/** Pairs that are bound to a ciphertext: not secret, matched exactly, in any order. */
export type EncryptionContext = ReadonlyMap<string, string>;

/**
 * One byte string for one meaning: the pairs sorted by key, as JSON. No context and an empty one
 * are the same.
 */
export function canonicalContext(context: EncryptionContext): Uint8Array {
  const sorted = [...context].sort(([a], [b]) => (a < b ? -1 : 1));
  return new TextEncoder().encode(JSON.stringify(sorted));
}
