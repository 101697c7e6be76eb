import { engine } from '../engine/engine.js';
import { encodeBytes } from '../format/byte-writer.js';
import { writeText } from '../format/context-entries.js';

/**
 * The encryption context of a message, as keyrings see it: every pair, external values included, in ascending order of
 * the keys' UTF-8 bytes.
 */
export interface EncryptionContext {
  readonly pairs: ReadonlyMap<string, string>;
  /** SHA-256 of the encoded context: 32 bytes, for keyrings whose KMS takes bytes rather than pairs. */
  readonly digest: Uint8Array;
}

/** The digest of a context without pairs, once it was computed. */
let emptyDigest: Uint8Array | undefined;

/**
 * What a keyring is handed in the context's place: one that changed it would change the keys that a message is written
 * with, and nothing would open it.
 */
export function copyOfContext({ pairs, digest }: EncryptionContext): EncryptionContext {
  return { pairs: new Map(pairs), digest: new Uint8Array(digest) };
}

/** The encoded context: u16 count, then u16 length and UTF-8 of each key and value (specification, "Keys"). */
export function encodeContext(pairs: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  return encodeBytes((writer) => {
    writer.u16(pairs.size);
    for (const [key, value] of pairs) {
      writeText(writer, key);
      writeText(writer, value);
    }
  });
}

/** The context with its digest, from its pairs in order and their encoding. */
export async function digestContext(
  pairs: ReadonlyMap<string, string>,
  encoded: Uint8Array,
): Promise<EncryptionContext> {
  if (pairs.size > 0) return { pairs, digest: await engine.sha256(encoded) };
  emptyDigest ??= await engine.sha256(encoded);
  return { pairs, digest: emptyDigest };
}
