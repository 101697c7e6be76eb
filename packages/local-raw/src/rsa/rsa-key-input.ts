import { invalidArgument } from '@keyfold/core/keyring';
import { isCryptoKey, isJwk, isKeyObject } from '../key-like.js';
import type { CryptoKeyLike, Jwk, KeyObjectLike } from '../key-like.js';
import { fromCryptoKey } from './from-crypto-key.js';
import { fromDer } from './from-der.js';
import { fromJwk } from './from-jwk.js';
import { decodePem } from './pem.js';
import { assertHalf } from './rsa-half.js';
import type { RsaHalf, WhichHalf } from './rsa-half.js';

/**
 * What one half of an RSA key pair, of 2,048 to 4,096 bits, is given as:
 *
 * - PEM: `PUBLIC KEY` (SPKI) or `PRIVATE KEY` (PKCS#8), as a string or as a file's bytes
 * - the DER bytes of these, which are copied
 * - a JSON Web Key of type `RSA`
 * - a `CryptoKey` of algorithm `RSA-OAEP` with SHA-256
 * - a `KeyObject` of node:crypto
 */
export type RsaKeyInput = string | Uint8Array | Jwk | CryptoKeyLike | KeyObjectLike;

/** What a key in DER begins with: a file's bytes are this or PEM. */
const DER_SEQUENCE = 0x30;

/** Checks one half of a pair as far as that can be done at once. Throws `invalid-argument`. */
export function readRsaKey(input: RsaKeyInput, wanted: WhichHalf, argument: string): RsaHalf {
  if (isCryptoKey(input)) return fromCryptoKey(input, wanted, argument);
  if (isKeyObject(input)) return fromDer(exportDer(input, wanted, argument), wanted, argument);
  if (isJwk(input)) return fromJwk(input, wanted, argument);
  if (typeof input === 'string') return fromDer(decodePem(input, argument), wanted, argument);
  if ((input as unknown) instanceof Uint8Array) {
    const bytes = input as Uint8Array;
    const isDer = bytes[0] === DER_SEQUENCE;
    return fromDer(isDer ? new Uint8Array(bytes) : decodePem(new TextDecoder().decode(bytes), argument), wanted, argument);
  }
  throw invalidArgument(argument, 'pass the RSA key as PEM or DER, or as a JSON Web Key, CryptoKey or KeyObject.');
}

/** The encoding of a KeyObject, in bytes that are ours. */
function exportDer(key: KeyObjectLike, wanted: WhichHalf, argument: string): Uint8Array<ArrayBuffer> {
  assertHalf(key.type, wanted, argument);
  const der = key.export({ format: 'der', type: wanted === 'public' ? 'spki' : 'pkcs8' }) as Uint8Array;
  const copy = new Uint8Array(der);
  der.fill(0);
  return copy;
}
