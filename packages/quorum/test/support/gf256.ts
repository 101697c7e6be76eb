/**
 * GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, and Shamir's scheme over it, as the specification's section on quorums writes them
 * down. It shares nothing with what the package uses: no tables, and an inverse by trying.
 */
export function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, power = a; bit < 8; bit++) {
    if ((b >> bit) & 1) product ^= power;
    power = power & 0x80 ? (power << 1) ^ 0x11b : power << 1;
  }
  return product;
}

export function inverse(a: number): number {
  for (let b = 1; b < 256; b++) if (multiply(a, b) === 1) return b;
  throw new RangeError('0 has no inverse.');
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
