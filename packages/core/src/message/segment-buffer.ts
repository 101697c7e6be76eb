import { engine } from '../engine/engine.js';

/**
 * Cuts pieces of any size into segments of one size. The last segment must be known as such, so a full one is held back
 * until another byte arrives. Only what is held back is copied; it never exceeds one segment.
 */
export class SegmentBuffer {
  readonly #size: number;
  #held = new Uint8Array(0);
  #heldLength = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** The segments that are now known not to be the last. Each is good until the next is asked for. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#heldLength === 0 && rest.length > this.#size) {
        yield rest.subarray(0, this.#size);
        rest = rest.subarray(this.#size);
      } else if (this.#heldLength === this.#size) {
        yield this.#held;
        this.#heldLength = 0;
      } else {
        rest = rest.subarray(this.#hold(rest));
      }
    }
  }

  /** What is left at the end: the last segment. */
  rest(): Uint8Array {
    return this.#held.subarray(0, this.#heldLength);
  }

  /** Copies as much of `bytes` as fits, and says how much that was. */
  #hold(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.#size - this.#heldLength);
    const length = this.#heldLength + taken;
    if (length > this.#held.length) {
      const grown = engine.allocate(Math.min(this.#size, Math.max(length, 2 * this.#held.length)));
      grown.set(this.#held.subarray(0, this.#heldLength));
      this.#held = grown;
    }
    this.#held.set(bytes.subarray(0, taken), this.#heldLength);
    this.#heldLength = length;
    return taken;
  }
}
