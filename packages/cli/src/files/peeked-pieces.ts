/** A source that can be read once, at whose beginning one may look before. */
export class PeekedPieces implements AsyncIterable<Uint8Array> {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #seen: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#iterator = source[Symbol.asyncIterator]();
  }

  /** The first `length` bytes, fewer where the source ends before. They are still part of what is read. */
  async peek(length: number): Promise<Uint8Array> {
    let seenLength = this.#seen.reduce((sum, piece) => sum + piece.length, 0);
    while (seenLength < length) {
      const next = await this.#iterator.next();
      if (next.done === true) break;
      this.#seen.push(next.value);
      seenLength += next.value.length;
    }
    return Buffer.concat(this.#seen).subarray(0, length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const seen = this.#seen;
    this.#seen = [];
    yield* seen;
    for (;;) {
      const next = await this.#iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  }
}
