import { engine } from '../engine/engine.js';

/** Where most encodings are written before they are copied out at their size. It holds nothing in between. */
const scratch = new Uint8Array(2048);

/** Writes big-endian fields into a buffer that grows as needed. Only `encodeBytes` makes one. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer> = scratch;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }

  bytes(value: ArrayLike<number>): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** `length` zero bytes. */
  zeros(length: number): void {
    this.#reserve(length);
    this.#bytes.fill(0, this.#length, this.#length + length);
    this.#length += length;
  }

  /** Writes a u32 over four bytes that were written before. */
  u32At(offset: number, value: number): void {
    for (let i = 0; i < 4; i++) this.#bytes[offset + i] = value >>> (24 - 8 * i);
  }

  /** A copy of what was written, in a buffer of its own with `room` bytes behind it that are still to be written. */
  copy(room: number): Uint8Array<ArrayBuffer> {
    const bytes = engine.allocate(this.#length + room);
    bytes.set(this.#bytes.subarray(0, this.#length));
    return bytes.subarray(0, this.#length);
  }

  /** Leaves nothing behind in the buffer, which the next encoding may use. */
  wipe(): void {
    this.#bytes.fill(0, 0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    const written = this.#bytes.subarray(0, this.#length);
    grown.set(written);
    written.fill(0);
    this.#bytes = grown;
  }
}

/**
 * What `write` writes, as a byte string. `write` must not call this itself.
 *
 * @param room - bytes behind the result in its `ArrayBuffer` that may hold anything, for what will follow it
 */
export function encodeBytes(write: (writer: ByteWriter) => void, room = 0): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  try {
    write(writer);
    return writer.copy(room);
  } finally {
    writer.wipe();
  }
}
