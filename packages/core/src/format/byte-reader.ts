import { malformed } from '../errors/throw.js';
import type { FormatRule } from '../errors/format-rule.js';

/**
 * Reads big-endian fields off a byte string and never past its end: a field that does not fit breaks `overrunRule`.
 * Nothing is copied; `bytes` returns a view.
 */
export class ByteReader {
  offset: number;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #base: number;
  readonly #overrunRule: FormatRule;

  /** Reads `bytes` from `offset` to `end`; errors name offsets from `base` on. */
  constructor(bytes: Uint8Array, offset: number, end: number, overrunRule: FormatRule, base = 0) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#end = end;
    this.#overrunRule = overrunRule;
    this.#base = base;
  }

  /** Where the next field starts, as errors name it. */
  get position(): number {
    return this.#base + this.offset;
  }

  get remaining(): number {
    return this.#end - this.offset;
  }

  u8(): number {
    return this.bytes(1)[0] as number;
  }

  u16(): number {
    const b = this.bytes(2);
    return ((b[0] as number) << 8) | (b[1] as number);
  }

  u32(): number {
    const b = this.bytes(4);
    return (((b[0] as number) << 24) | ((b[1] as number) << 16) | ((b[2] as number) << 8) | (b[3] as number)) >>> 0;
  }

  bytes(length: number): Uint8Array {
    if (length > this.remaining) {
      throw malformed(
        this.#overrunRule,
        this.position,
        `a field of ${length} bytes does not fit into the ${this.remaining} that are left.`,
      );
    }
    const start = this.offset;
    this.offset += length;
    return this.#bytes.subarray(start, this.offset);
  }
}
