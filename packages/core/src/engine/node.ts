/** The engine on OpenSSL, through node:crypto. Synchronous: nothing of it waits. */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { TAG_LENGTH } from '../format/constants.js';
import type { AesGcm, HkdfSha512 } from './types.js';

const SHA512_LENGTH = 64;
const NOTHING = new Uint8Array(0);
/** Bytes below which a buffer of zeros is had sooner than one that may hold anything. */
const ZEROED_BELOW = 16_384;

export { randomBytesFromPool as randomBytes } from './random-pool.js';

export const engineName = 'node';

export function allocate(length: number): Uint8Array<ArrayBuffer> {
  return length < ZEROED_BELOW ? new Uint8Array(length) : plain(Buffer.allocUnsafeSlow(length));
}

export function sha256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return plain(createHash('sha256').update(data).digest());
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  return plain(createHmac('sha256', key).update(data).digest());
}

/**
 * HKDF as RFC 5869 writes it down, on OpenSSL's HMAC: half the time of `hkdfSync`, which goes through a job object and
 * a KeyObject for each call, and the extracted key can serve again.
 */
export function hkdfSha512(keyMaterial: Uint8Array, salt: Uint8Array): HkdfSha512 {
  const pseudoRandomKey = createHmac('sha512', salt).update(keyMaterial).digest();
  return {
    expand(info, length) {
      if (length > 255 * SHA512_LENGTH) throw new RangeError('HKDF-SHA-512 gives at most 16,320 bytes.');
      let block: Uint8Array<ArrayBuffer> = expandOnce(pseudoRandomKey, NOTHING, info, 1);
      if (length <= SHA512_LENGTH) return block.subarray(0, length);
      const output = new Uint8Array(length);
      output.set(block);
      for (let counter = 2, offset = SHA512_LENGTH; offset < length; counter++, offset += SHA512_LENGTH) {
        const next = expandOnce(pseudoRandomKey, block, info, counter);
        block.fill(0);
        block = next;
        output.set(block.subarray(0, length - offset), offset);
      }
      block.fill(0);
      return output;
    },
    wipe() {
      pseudoRandomKey.fill(0);
    },
  };
}

/** T(counter) of HKDF-Expand. */
function expandOnce(key: Uint8Array, previous: Uint8Array, info: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  const hmac = createHmac('sha512', key);
  if (previous.length > 0) hmac.update(previous);
  return plain(hmac.update(info).update(Uint8Array.of(counter)).digest());
}

export function aesGcm(key: Uint8Array): AesGcm {
  return {
    seal(nonce, plaintext) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return [plain(ciphertext), plain(cipher.getAuthTag())];
    },
    open(nonce, sealed) {
      if (sealed.length < TAG_LENGTH) return undefined;
      const tagAt = sealed.length - TAG_LENGTH;
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
      decipher.setAuthTag(sealed.subarray(tagAt));
      const plaintext = decipher.update(sealed.subarray(0, tagAt));
      try {
        decipher.final();
        return plain(plaintext);
      } catch {
        plaintext.fill(0);
        return undefined;
      }
    },
  };
}

export function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The same bytes as a `Uint8Array`. A `Buffer` must not get out of here: its `slice` does not copy, so that wiping a
 * "copy" of a key would wipe the key.
 */
function plain(buffer: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
