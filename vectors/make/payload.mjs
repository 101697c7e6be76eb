// Writes payloads, segment by segment.
import { createCipheriv } from 'node:crypto';
import { cat, u32, u8 } from './bytes.mjs';

/**
 * The plaintext of every vector: byte i is i mod 251. As 251 divides no segment size, no two segments are alike.
 *
 * @param {number} length
 */
export const plaintextOf = (length) => Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251));

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} nonce
 * @param {Uint8Array} plaintext
 */
export function gcmSeal(key, nonce, plaintext) {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return cat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

/**
 * @param {Uint8Array} payloadKey
 * @param {number} index
 * @param {boolean} isLast
 * @param {Uint8Array} plaintext
 */
export function sealSegment(payloadKey, index, isLast, plaintext) {
  return gcmSeal(payloadKey, cat(Buffer.alloc(7), u32(index), u8(isLast ? 1 : 0)), plaintext);
}

/**
 * The sealed segments of a plaintext.
 *
 * @param {Uint8Array} payloadKey
 * @param {number} segmentSize
 * @param {Uint8Array} plaintext
 */
export function sealSegments(payloadKey, segmentSize, plaintext) {
  const count = Math.max(1, Math.ceil(plaintext.length / segmentSize));
  return Array.from({ length: count }, (_, i) =>
    sealSegment(payloadKey, i, i === count - 1, plaintext.subarray(i * segmentSize, (i + 1) * segmentSize)),
  );
}
