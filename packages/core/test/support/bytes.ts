/** Bytes that look random, are the same on every run, and differ for every seed. */
export function patterned(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Copies of consecutive pieces of `size` bytes; the last may be shorter. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i += size) pieces.push(copy(bytes.subarray(i, i + size)));
  return pieces;
}

/** A copy in memory of its own, also of a `Buffer`, whose `slice` shares memory. */
export function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, index: number, mask = 0x01): Uint8Array<ArrayBuffer> {
  const changed = copy(bytes);
  changed[index] = (changed[index] as number) ^ mask;
  return changed;
}

/** A copy with `count` bytes at `index` replaced by `replacement`. */
export function spliced(bytes: Uint8Array, index: number, count: number, ...replacement: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(bytes.subarray(0, index), ...replacement, bytes.subarray(index + count));
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
