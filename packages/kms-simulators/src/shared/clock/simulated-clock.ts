/**
 * The time that the simulated services see: the system's, plus what {@link SimulatedClock.advance}
 * added. Waiting periods (a replica being created, a key pending deletion) are compared with it
 * when a request arrives, so that they need no timer and a test need not wait for them.
 *
 * @example
 * ```ts
 * sim.clock.advance(7 * 86_400_000); // a key scheduled for deletion in 7 days is now gone
 * ```
 */
export class SimulatedClock {
  #offset: number;

  /** @param offset Milliseconds ahead of the system's clock. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Milliseconds ahead of the system's clock. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Moves the simulated time forward; it never goes back.
   *
   * @param milliseconds At least 0.
   * @throws RangeError if `milliseconds` is negative or not finite.
   */
  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds < 0) {
      throw new RangeError('The clock advances by a number of milliseconds of at least 0.');
    }
    this.#offset += milliseconds;
  }
}
