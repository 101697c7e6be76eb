// Wraps key material under local keys, with chosen bytes in the place of random ones.
import { constants, hkdfSync, publicEncrypt } from 'node:crypto';
import { bytesOf, cat, sha256, short, u32, u8 } from './bytes.mjs';
import { gcmSeal } from './payload.mjs';

/**
 * @param {object} wrap
 * @param {string} wrap.name
 * @param {Uint8Array} wrap.kek
 * @param {Uint8Array} wrap.wrapId 16 bytes, random in real life
 * @param {Uint8Array} wrap.contextDigest
 * @param {Uint8Array} wrap.keyMaterial
 */
export function wrapAes({ name, kek, wrapId, contextDigest, keyMaterial }) {
  const info = cat(bytesOf('keyfold/v1/local-raw'), wrapId, short(name), contextDigest);
  const wrappingKey = Buffer.from(hkdfSync('sha512', kek, new Uint8Array(), info, 32));
  return { wrappingKey, info, ciphertext: cat(wrapId, gcmSeal(wrappingKey, Buffer.alloc(12), keyMaterial)) };
}

/**
 * RSAES-OAEP (RFC 8017, section 7.1.1) with SHA-256, MGF1 with SHA-256 and an empty label.
 *
 * @param {object} wrap
 * @param {string} wrap.publicKey PEM
 * @param {number} wrap.bytes the modulus' length
 * @param {Uint8Array} wrap.seed 32 bytes, random in real life
 * @param {Uint8Array} wrap.keyMaterial
 * @param {string} [wrap.label] not empty only where that is what is wrong
 */
export function wrapRsa({ publicKey, bytes, seed, keyMaterial, label = '' }) {
  const zeros = Buffer.alloc(bytes - keyMaterial.length - 2 * 32 - 2);
  const block = cat(sha256(label), zeros, u8(1), keyMaterial);
  const maskedBlock = xor(block, mgf1(seed, block.length));
  const maskedSeed = xor(seed, mgf1(maskedBlock, 32));
  const message = cat(u8(0), maskedSeed, maskedBlock);
  return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, message);
}

/**
 * @param {Uint8Array} seed
 * @param {number} length
 */
function mgf1(seed, length) {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => sha256(cat(seed, u32(i))));
  return cat(...blocks).subarray(0, length);
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b as long as `a`
 */
const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ /** @type {number} */ (b[i])));
