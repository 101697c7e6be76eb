/** Milliseconds that the rate looks back: long enough to be steady, short enough to follow a network that slows down. */
const WINDOW = 5000;

/** The rate of work over the last few seconds. */
export class ProgressRate {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** @param at - milliseconds of a clock that never goes back */
  sample(at: number, bytes: number): void {
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= WINDOW) this.#samples.shift();
  }

  /** @param started - when the work began with no byte done, in the same milliseconds: for before there are two samples */
  bytesPerSecond(started: number): number {
    const last = this.#samples.at(-1);
    if (last === undefined) return 0;
    const first = this.#samples.length > 1 && this.#samples[0] !== undefined ? this.#samples[0] : { at: started, bytes: 0 };
    return ((last.bytes - first.bytes) * 1000) / Math.max(1, last.at - first.at);
  }
}
