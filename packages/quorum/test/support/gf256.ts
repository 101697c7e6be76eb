/**
 * GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, and Shamir's scheme over it, as the specification's section on quorums writes them
 * down. It shares nothing with what the package uses: no tables, and the inverse is a power.
 */
export function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, power = a; bit < 8; bit++) {
    if ((b >> bit) & 1) product ^= power;
    power = power & 0x80 ? (power << 1) ^ 0x11b : power << 1;
  }
  return product;
}

/** a^254, which is 1/a as a^255 is 1: the product of a^2, a^4, … a^128. */
export function inverse(a: number): number {
  if (a === 0) throw new RangeError('0 has no inverse.');
  let result = 1;
  for (let i = 0, power = a; i < 7; i++) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}

export interface Point {
  readonly x: number;
  readonly y: Uint8Array;
}

/** The value at `at` of the polynomials of least degree through these points, byte by byte (Lagrange). */
export function interpolate(points: readonly Point[], at = 0): Uint8Array {
  const result = new Uint8Array(points[0]?.y.length ?? 0);
  for (const a of points) {
    let factor = 1;
    for (const b of points) if (b !== a) factor = multiply(factor, multiply(b.x ^ at, inverse(b.x ^ a.x)));
    for (const [j, byte] of a.y.entries()) result[j] = (result[j] ?? 0) ^ multiply(byte, factor);
  }
  return result;
}
