import { randomBytes } from 'node:crypto';

/** The value, which must be there. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A value is missing from the answer.');
  return value;
}

export function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(length));
}

/** A copy with one bit changed. */
export function withBitFlipped(original: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(original);
  copy[at] = present(copy[at]) ^ 1;
  return copy;
}
