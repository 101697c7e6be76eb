import { invalidArgument, primitives } from '@keyfold/core/keyring';
import type { HkdfSha512 } from '@keyfold/core/keyring';
import { fromBase64Url } from '../base64.js';
import { assertJwkPurpose, isCryptoKey, isJwk, isKeyObject } from '../key-like.js';
import type { CryptoKeyLike, Jwk, KeyObjectLike } from '../key-like.js';
import { assertAesKeyBytes, readAesKeyText } from './aes-key-text.js';

/**
 * What a 256-bit local key is given as:
 *
 * - 32 bytes, which are copied
 * - its text form (`encodeAesKey`)
 * - a JSON Web Key of type `oct`
 * - a `CryptoKey`: of algorithm `HKDF` with the usage `deriveBits`, whose bytes JavaScript never sees, or a 256-bit AES
 *   key that is extractable
 * - a secret `KeyObject` of node:crypto
 */
export type AesKeyInput = Uint8Array | string | Jwk | CryptoKeyLike | KeyObjectLike;

/** HKDF-Extract with an empty salt: the KEK is uniformly random already (RFC 5869, section 3.3). */
const NO_SALT = new Uint8Array(0);

/**
 * Checks a key and returns what makes it ready: HKDF-SHA-512 of the KEK, to be expanded for each wrap. Throws
 * `invalid-argument`.
 */
export function readAesKey(input: AesKeyInput, argument: string): () => Promise<HkdfSha512> {
  if (isCryptoKey(input)) return readCryptoKey(input, argument);
  const key = readKeyBytes(input, argument);
  return async () => {
    const kek = await primitives.hkdfSha512(key, NO_SALT);
    key.fill(0);
    return kek;
  };
}

/** A copy of the key's bytes. */
function readKeyBytes(input: unknown, argument: string): Uint8Array {
  if (typeof input === 'string') return readAesKeyText(input, argument);
  if (isKeyObject(input)) {
    if (input.type !== 'secret') throw invalidArgument(argument, `pass a secret KeyObject, not a ${input.type} one.`);
    return taken(input.export(), argument);
  }
  if (isJwk(input)) {
    assertJwkPurpose(input, { kty: 'oct', alg: /^A256/, algName: 'one of AES-256, such as "A256GCM"' }, argument);
    const bytes = fromBase64Url(input.k);
    if (bytes === undefined) throw invalidArgument(argument, 'the member k of this JSON Web Key is not unpadded base64url.');
    return taken(bytes, argument);
  }
  if (input instanceof Uint8Array) {
    assertAesKeyBytes(input, argument);
    return new Uint8Array(input);
  }
  throw invalidArgument(argument, 'pass the AES-256 key as 32 bytes, in its text form, as a JSON Web Key, CryptoKey or KeyObject.');
}

/** A copy of bytes that were made for us, which are wiped. */
function taken(bytes: unknown, argument: string): Uint8Array {
  assertAesKeyBytes(bytes, argument);
  const copy = new Uint8Array(bytes);
  bytes.fill(0);
  return copy;
}

function readCryptoKey(key: CryptoKey, argument: string): () => Promise<HkdfSha512> {
  const { name } = key.algorithm;
  if (name === 'HKDF') {
    if (key.usages.includes('deriveBits')) return async () => await Promise.resolve(hkdfOf(key));
    throw invalidArgument(argument, "this HKDF key lacks the usage 'deriveBits'; name it when you import the key.");
  }
  if (!name.startsWith('AES-') || (key.algorithm as AesKeyAlgorithm).length !== 256) {
    throw invalidArgument(argument, 'pass a CryptoKey of algorithm HKDF, or a 256-bit AES key that is extractable.');
  }
  if (!key.extractable) {
    throw invalidArgument(
      argument,
      "this AES key is not extractable, so nothing can be derived from it; import the same bytes as an HKDF key: crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits']).",
    );
  }
  return async () => {
    const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', key));
    try {
      return await primitives.hkdfSha512(bytes, NO_SALT);
    } finally {
      bytes.fill(0);
    }
  };
}

/** The same derivation inside WebCrypto. */
function hkdfOf(key: CryptoKey): HkdfSha512 {
  return {
    async expand(info, length) {
      const algorithm = { name: 'HKDF', hash: 'SHA-512', salt: NO_SALT, info: new Uint8Array(info) };
      return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
    },
    wipe: () => undefined,
  };
}
