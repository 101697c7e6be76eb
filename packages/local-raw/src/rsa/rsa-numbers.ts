import { invalidArgument } from '@keyfold/core/keyring';

/** The public numbers of an RSA key, big-endian without leading zeros. Both halves of a pair have them. */
export interface RsaNumbers {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** Bits of a modulus: under 2,048 is too weak by NIST SP 800-131A, over 4,096 is slow and gains nothing here. */
const MIN_MODULUS_BITS = 2048;
const MAX_MODULUS_BITS = 4096;
/** OpenSSL takes no more for a large modulus. */
const MAX_EXPONENT_BYTES = 8;

/** Refuses numbers that no sound RSA key has. Throws `invalid-argument`. */
export function assertRsaNumbers({ modulus, exponent }: RsaNumbers, argument: string): void {
  assertModulusBits(bitLength(modulus), argument);
  if (!isOdd(modulus)) throw invalidArgument(argument, 'the modulus of this RSA key is even; make a sound key.');
  assertExponent(exponent, argument);
}

export function assertModulusBits(bits: number, argument: string): void {
  if (bits >= MIN_MODULUS_BITS && bits <= MAX_MODULUS_BITS) return;
  throw invalidArgument(argument, `this RSA key has ${bits} bits; use one of 2048 to 4096, for example from generateRsaKeyPair().`);
}

/** An even exponent belongs to no RSA key, and with the exponent 1 the ciphertext is the plaintext. */
export function assertExponent(exponent: Uint8Array, argument: string): void {
  const isOne = exponent.length === 1 && exponent[0] === 1;
  if (isOdd(exponent) && !isOne && exponent.length <= MAX_EXPONENT_BYTES) return;
  throw invalidArgument(argument, 'the public exponent of this RSA key is even, 1 or too large; use a key with 65537.');
}

/** Big-endian bytes without leading zeros. */
export function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.slice(first === -1 ? bytes.length : first);
}

/** Of big-endian bytes without leading zeros. */
export function bitLength(bytes: Uint8Array): number {
  const first = bytes[0];
  return first === undefined ? 0 : bytes.length * 8 - (Math.clz32(first) - 24);
}

function isOdd(bytes: Uint8Array): boolean {
  return ((bytes.at(-1) ?? 0) & 1) === 1;
}
