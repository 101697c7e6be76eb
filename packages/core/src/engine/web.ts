/** The engine on WebCrypto, for browsers, workers and every runtime that is not Node. */
import { TAG_LENGTH } from '../format/constants.js';
import type { AesGcm, HkdfSha512 } from './types.js';

export const engineName = 'web';

/** What one call to `getRandomValues` may ask for (Web Cryptography API, section 10.1.1). */
const RANDOM_QUOTA = 65_536;

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += RANDOM_QUOTA) crypto.getRandomValues(bytes.subarray(i, i + RANDOM_QUOTA));
  return bytes;
}

/** No such platform hands out memory that it has not zeroed. */
export function allocate(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length);
}

export async function sha256(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', source(data)));
}

export async function hmacSha256(key: Uint8Array, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const hmacKey = await crypto.subtle.importKey('raw', source(key), algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', hmacKey, source(data)));
}

export async function hkdfSha512(keyMaterial: Uint8Array, salt: Uint8Array): Promise<HkdfSha512> {
  const key = await crypto.subtle.importKey('raw', source(keyMaterial), 'HKDF', false, ['deriveBits']);
  const ownSalt = new Uint8Array(salt);
  return {
    async expand(info, length) {
      const algorithm = { name: 'HKDF', hash: 'SHA-512', salt: ownSalt, info: source(info) };
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
    },
    // The key lives inside WebCrypto, out of reach.
    wipe: () => undefined,
  };
}

export async function aesGcm(key: Uint8Array): Promise<AesGcm> {
  const gcmKey = await crypto.subtle.importKey('raw', source(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    async seal(nonce, plaintext) {
      const algorithm = { name: 'AES-GCM', iv: nonce, tagLength: TAG_LENGTH * 8 };
      return [new Uint8Array(await crypto.subtle.encrypt(algorithm, gcmKey, source(plaintext)))];
    },
    async open(nonce, sealed) {
      if (sealed.length < TAG_LENGTH) return undefined;
      const algorithm = { name: 'AES-GCM', iv: nonce, tagLength: TAG_LENGTH * 8 };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, gcmKey, source(sealed)));
      } catch (error) {
        // The one error that means "the tag does not verify"; any other is not about the data.
        if (error instanceof DOMException && error.name === 'OperationError') return undefined;
        throw error;
      }
    },
  };
}

/** WebCrypto has no comparison: every byte is looked at whatever the first ones were. */
export function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** WebCrypto copies its input at the call. A view over shared memory it refuses, so that is copied first. */
function source(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
