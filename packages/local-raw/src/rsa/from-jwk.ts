import { invalidArgument } from '@keyfold/core/keyring';
import { fromBase64Url } from '../base64.js';
import { assertJwkOperations, assertJwkPurpose } from '../key-like.js';
import type { Jwk } from '../key-like.js';
import { OAEP_SHA256 } from './oaep.js';
import { assertHalf, importPublicKey } from './rsa-half.js';
import type { RsaHalf, WhichHalf } from './rsa-half.js';
import { assertRsaNumbers, withoutLeadingZeros } from './rsa-numbers.js';

/** The private members of an RSA key (RFC 7518, section 6.3.2), all of which WebCrypto wants. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;

/** A key from a JSON Web Key, whose members are copied. Throws `invalid-argument`. */
export function fromJwk(jwk: Jwk, wanted: WhichHalf, argument: string): RsaHalf {
  assertJwkPurpose(jwk, { kty: 'RSA', alg: /^RSA-OAEP-256$/, algName: '"RSA-OAEP-256"' }, argument);
  assertHalf(jwk.d === undefined ? 'public' : 'private', wanted, argument);
  assertJwkOperations(jwk, wanted === 'public' ? ['encrypt', 'wrapKey'] : ['decrypt', 'unwrapKey'], argument);
  const numbers = { modulus: readMember(jwk, 'n', argument), exponent: readMember(jwk, 'e', argument) };
  assertRsaNumbers(numbers, argument);
  const loadPublic = async (): Promise<CryptoKey> => await importPublicKey(numbers);
  if (wanted === 'public') return { numbers, load: loadPublic };
  const copy: JsonWebKey = { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' };
  for (const member of PRIVATE_MEMBERS) {
    readMember(jwk, member, argument).fill(0);
    copy[member] = jwk[member] ?? '';
  }
  const load = async (): Promise<CryptoKey> => await crypto.subtle.importKey('jwk', copy, OAEP_SHA256, false, ['decrypt']);
  return { numbers, load, loadPublic };
}

function readMember(jwk: Jwk, member: 'n' | 'e' | (typeof PRIVATE_MEMBERS)[number], argument: string): Uint8Array {
  const bytes = fromBase64Url(jwk[member]);
  if (bytes !== undefined && bytes.length > 0) return withoutLeadingZeros(bytes);
  throw invalidArgument(argument, `the member ${member} of this JSON Web Key is missing or not unpadded base64url.`);
}
