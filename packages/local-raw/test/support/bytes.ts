/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, at: number, mask = 1): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

/** Every way in which a secret might be printed: hexadecimal, base64, base64url, and a list of numbers. */
export function printedForms(secret: Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  // Parts of it count too.
  return [bytes.subarray(0, 12), bytes.subarray(12, 24)].flatMap((part) => [
    part.toString('hex'),
    part.toString('base64'),
    part.toString('base64url'),
    [...part].join(','),
    [...part].join(', '),
    part.toString('hex').replaceAll(/(..)(?!$)/g, '$1 '),
  ]);
}
