import type { FailureReason } from '../errors/reason.js';

/** Failures that say something of the member and not of the one request. */
const HARD: ReadonlySet<FailureReason> = new Set(['unavailable', 'timeout', 'throttled']);

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

/**
 * Remembers that a member failed hard, so that it is tried last for a while: 5 s at first, twice as long each time, 5
 * minutes at most. After the pause one call at a time probes it in its own place (half open); an answer closes the
 * breaker.
 */
export class CircuitBreaker {
  #pause = 0;
  #brokenUntil = 0;
  #probing = false;

  /** Whether the member should stand behind the others now. A `false` after a failure makes this call the probe. */
  isBroken(now: number): boolean {
    if (this.#pause === 0) return false;
    if (now < this.#brokenUntil || this.#probing) return true;
    this.#probing = true;
    return false;
  }

  /** The member answered: with key material, or with an error that is about the request. */
  answered(): void {
    this.#pause = 0;
    this.#probing = false;
  }

  /** The member failed for these reasons, one for each of its keys: hard, if none of them was an answer. */
  failed(reasons: readonly FailureReason[], now: number): void {
    if (!reasons.every((reason) => HARD.has(reason))) {
      this.answered();
      return;
    }
    this.#pause = Math.min(this.#pause === 0 ? FIRST_PAUSE : this.#pause * 2, LONGEST_PAUSE);
    this.#brokenUntil = now + this.#pause;
    this.#probing = false;
  }

  /** The call was given up before the member said anything. */
  abandoned(): void {
    this.#probing = false;
  }
}
