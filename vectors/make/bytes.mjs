// Byte strings. All integers are big-endian.
import { createHash } from 'node:crypto';

/** @param {number} value */
export const u8 = (value) => Buffer.from([value]);

/** @param {number} value */
export const u16 = (value) => Buffer.from([value >>> 8, value & 0xff]);

/** @param {number} value */
export const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** @param {...Uint8Array} parts */
export const cat = (...parts) => Buffer.concat(parts);

/**
 * Text as it is written: UTF-8. Bytes stay as they are, so that a vector can hold what is no text.
 *
 * @param {string | Uint8Array} text
 */
export const bytesOf = (text) => (typeof text === 'string' ? Buffer.from(text, 'utf8') : Buffer.from(text));

/** @param {string | Uint8Array} text */
export const short = (text) => cat(u8(bytesOf(text).length), bytesOf(text));

/** @param {string | Uint8Array} text */
export const long = (text) => cat(u16(bytesOf(text).length), bytesOf(text));

/** @param {string | Uint8Array} text */
export const sha256 = (text) => createHash('sha256').update(text).digest();

/**
 * What stands for randomness: the same bytes on every run, others for every vector and purpose.
 *
 * @param {string} vector
 * @param {string} purpose
 * @param {number} length at most 32
 */
export const seeded = (vector, purpose, length) =>
  sha256(`keyfold test vectors: ${vector}: ${purpose}`).subarray(0, length);
