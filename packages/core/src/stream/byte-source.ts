import { truncatedHeader } from '../format/header.js';
import { PRELUDE_LENGTH } from '../format/constants.js';
import type { Limits } from '../format/limits.js';
import { peekHeaderLength } from '../format/prelude.js';

/** A source of pieces of any size, off whose beginning exact byte counts can be taken. */
export class ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, copied; fewer where the source ends. */
  async take(length: number): Promise<Uint8Array> {
    const taken = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        const next = await this.#iterator.next();
        if (next.done === true) break;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, length - filled);
      taken.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return taken.subarray(0, filled);
  }

  /** Everything that was not taken. */
  async *remainder(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#rest.length > 0) yield this.#rest;
    for (;;) {
      const next = await this.#iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  /** Tells the source that no more is wanted. For whoever stops before its end. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/**
 * Takes a header off the beginning of a source. Its length is read first and held against the cap before room is made
 * for it. Throws `malformed`, `truncated`, `unsupported`, `limit-exceeded`.
 */
export async function takeHeader(source: ByteSource, limits: Limits): Promise<Uint8Array> {
  const prelude = await source.take(PRELUDE_LENGTH);
  const length = peekHeaderLength(prelude, limits);
  if (length === undefined) throw truncatedHeader(prelude.length, PRELUDE_LENGTH);
  const header = new Uint8Array(Math.max(length, PRELUDE_LENGTH));
  header.set(prelude);
  const rest = await source.take(header.length - PRELUDE_LENGTH);
  header.set(rest, PRELUDE_LENGTH);
  return header.subarray(0, PRELUDE_LENGTH + rest.length);
}
