// Shamir's scheme over GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (0x11B), byte by byte, with chosen coefficients.

/**
 * @param {number} a
 * @param {number} b
 */
function multiply(a, b) {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    if ((b >> bit) & 1) product ^= a << bit;
  }
  for (let bit = 14; bit >= 8; bit--) {
    if ((product >> bit) & 1) product ^= 0x11b << (bit - 8);
  }
  return product;
}

/**
 * The share at `x`: each byte of the secret plus its own polynomial's other terms.
 *
 * @param {Uint8Array} secret
 * @param {Uint8Array[]} coefficients of x, x^2, …; each as long as the secret
 * @param {number} x
 */
export function shareOf(secret, coefficients, x) {
  const share = Buffer.from(secret);
  let power = 1;
  for (const coefficient of coefficients) {
    power = multiply(power, x);
    for (const [i, byte] of coefficient.entries()) share[i] = /** @type {number} */ (share[i]) ^ multiply(byte, power);
  }
  return share;
}
