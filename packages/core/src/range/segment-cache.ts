/** The segments that were used last, opened: as many as were asked for. */
export class SegmentCache {
  readonly #capacity: number;
  /** In the order of their last use. */
  readonly #segments = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(index: number): Uint8Array<ArrayBuffer> | undefined {
    const segment = this.#segments.get(index);
    if (segment !== undefined) this.set(index, segment);
    return segment;
  }

  set(index: number, segment: Uint8Array<ArrayBuffer>): void {
    this.#segments.delete(index);
    this.#segments.set(index, segment);
    const oldest = this.#segments.keys().next();
    if (this.#segments.size > this.#capacity && oldest.done !== true) this.#segments.delete(oldest.value);
  }

  clear(): void {
    this.#segments.clear();
  }
}
