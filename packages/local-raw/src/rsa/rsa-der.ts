import { invalidArgument } from '@keyfold/core/keyring';
import { DER, DerReader } from './der.js';
import { withoutLeadingZeros } from './rsa-numbers.js';
import type { RsaNumbers } from './rsa-numbers.js';

/** What an encoded key says of itself. */
export interface RsaDer {
  /** SubjectPublicKeyInfo or PKCS#8. */
  readonly half: 'public' | 'private';
  readonly numbers: RsaNumbers;
}

/** 1.2.840.113549.1.1.1, rsaEncryption (RFC 8017, appendix A.1). */
const RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/** How a key in an older form becomes one that is taken. */
export const CONVERT = {
  pkcs1Public: 'openssl rsa -RSAPublicKey_in -in old.pem -pubout -out public.pem',
  private: 'openssl pkey -in old.pem -out private.pem',
} as const;

/**
 * Reads the public numbers out of SubjectPublicKeyInfo (RFC 5280, section 4.1) or PKCS#8 (RFC 5958), so that a key of the
 * wrong kind or size is refused where it is given, and so that a private key tells its public half. Everything else in a
 * private key is for the platform to judge when it imports it. Throws `invalid-argument`.
 */
export function readRsaDer(der: Uint8Array, argument: string): RsaDer {
  try {
    const key = new DerReader(der).sequence();
    if (key.nextTag === DER.sequence) {
      assertRsa(key.sequence(), argument);
      // A bit string begins with the number of its unused bits.
      const bits = key.read(DER.bitString).subarray(1);
      return { half: 'public', numbers: readNumbers(new DerReader(bits).sequence()) };
    }
    key.read(DER.integer);
    if (key.nextTag === DER.integer) throw invalidArgument(argument, pkcs1Advice(key));
    assertRsa(key.sequence(), argument);
    const rsa = new DerReader(key.read(DER.octetString)).sequence();
    rsa.read(DER.integer);
    return { half: 'private', numbers: readNumbers(rsa) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidArgument(argument, 'this is not the DER encoding of an RSA key (SPKI or PKCS#8), or its end is missing.');
  }
}

function readNumbers(key: DerReader): RsaNumbers {
  return { modulus: readPositive(key), exponent: readPositive(key) };
}

function readPositive(key: DerReader): Uint8Array {
  const bytes = key.read(DER.integer);
  if ((bytes[0] ?? 0x80) >= 0x80) throw new RangeError('negative or empty');
  return withoutLeadingZeros(bytes);
}

function assertRsa(algorithm: DerReader, argument: string): void {
  const identifier = algorithm.read(DER.objectIdentifier);
  if (identifier.length === RSA_ENCRYPTION.length && RSA_ENCRYPTION.every((byte, i) => identifier[i] === byte)) return;
  throw invalidArgument(argument, 'this key is not for RSA encryption (it may be an EC, Ed25519 or RSA-PSS key); pass an RSA key.');
}

/** PKCS#1 has nothing but integers: two for a public key, more for a private one. */
function pkcs1Advice(key: DerReader): string {
  key.read(DER.integer);
  const [kind, command] = key.nextTag === undefined ? ['public', CONVERT.pkcs1Public] : ['private', CONVERT.private];
  return `this is a ${kind} key in PKCS#1 form; convert it, here from PEM: ${command}`;
}
