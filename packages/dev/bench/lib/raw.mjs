// The raw primitive: what node:crypto does when nothing is asked of it but the cipher.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
/** Sizes in bytes. */
const NONCE = 12;
const TAG = 16;

/**
 * "Raw cipher": ciphertext and tag as the cipher gives them, under one key and one nonce.
 *
 * @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} plaintext
 */
export function rawCipher(key, nonce, plaintext) {
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return [ciphertext, cipher.getAuthTag()];
}

/**
 * "Raw message": what a program stores that wants to decrypt again: a random nonce, the ciphertext and the tag, as one
 * byte string.
 *
 * @param {Uint8Array} key @param {Uint8Array} plaintext
 */
export function rawMessage(key, plaintext) {
  const nonce = randomBytes(NONCE);
  return Buffer.concat([nonce, ...rawCipher(key, nonce, plaintext)]);
}

/** Opens a raw message. @param {Uint8Array} key @param {Uint8Array} message */
export function openRawMessage(key, message) {
  return rawDecipher(key, message.subarray(0, NONCE), message.subarray(NONCE));
}

/** @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} sealed */
function rawDecipher(key, nonce, sealed) {
  const tagAt = sealed.length - TAG;
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG });
  decipher.setAuthTag(sealed.subarray(tagAt));
  const plaintext = decipher.update(sealed.subarray(0, tagAt));
  decipher.final();
  return plaintext;
}

/**
 * One cipher for each segment of each piece; what comes out is dropped.
 *
 * @param {Uint8Array} key @param {readonly Uint8Array[]} pieces @param {number} segmentSize
 */
export function rawSegments(key, pieces, segmentSize) {
  let index = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += segmentSize) {
      rawCipher(key, nonceOf(index++), piece.subarray(at, at + segmentSize));
    }
  }
}

/**
 * Sealed segments that lie one behind the other, as `openRawSegments` takes them.
 *
 * @param {Uint8Array} key @param {readonly Uint8Array[]} pieces @param {number} segmentSize
 */
export function sealRawSegments(key, pieces, segmentSize) {
  const parts = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += segmentSize) {
      parts.push(...rawCipher(key, nonceOf(parts.length / 2), piece.subarray(at, at + segmentSize)));
    }
  }
  return Buffer.concat(parts);
}

/** @param {Uint8Array} key @param {Uint8Array} sealed @param {number} segmentSize */
export function openRawSegments(key, sealed, segmentSize) {
  const step = segmentSize + TAG;
  for (let at = 0, index = 0; at < sealed.length; at += step) {
    rawDecipher(key, nonceOf(index++), sealed.subarray(at, at + step));
  }
}

/** @param {number} index */
function nonceOf(index) {
  const nonce = new Uint8Array(NONCE);
  new DataView(nonce.buffer).setUint32(7, index);
  return nonce;
}
