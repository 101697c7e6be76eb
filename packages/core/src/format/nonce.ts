import { MAX_SEGMENTS } from './constants.js';

/** The length of an AES-GCM nonce in bytes (NIST SP 800-38D, section 8.2). */
export const NONCE_LENGTH = 12;

/**
 * The nonce of segment `index`: seven zero bytes, the index as u32, and 1 if it is the last segment, else 0
 * (specification, "Segments"; the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 *
 * No two segments of a message share one, because every index occurs once, and no two messages share a payload key. An index
 * that does not fit would come round to one that was used: it is refused, although whoever counts has refused it before.
 */
export function segmentNonce(index: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_SEGMENTS) throw new RangeError(`There is no segment ${index}.`);
  const nonce = new Uint8Array(NONCE_LENGTH);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
