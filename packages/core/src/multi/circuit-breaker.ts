import type { Attempt } from '../errors/attempt.js';
import type { FailureReason } from '../errors/reason.js';

/** Failures that say something of the member and not of the one request. */
const HARD: ReadonlySet<FailureReason> = new Set(['unavailable', 'timeout', 'throttled']);

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;
/** Calls in a row that others answer in place of a silent member, before it counts as one that failed. */
const MOST_OUTRUN = 3;

/** Where a member stands in one call: in its own place, there as a probe, or behind those that work. */
export type Place = 'own' | 'probe' | 'last';

/**
 * Remembers that a member failed hard, or was silent until another answered three times in a row, so that it is tried last
 * for a while: 5 s at first, twice as long after each probe that fails, 5 minutes at most. After the pause one call at a
 * time probes it in its own place (half open); an answer closes the breaker. Times are in ms of a clock that nobody sets.
 */
export class CircuitBreaker {
  #pause = 0;
  #brokenUntil = 0;
  #probing = false;
  #outrun = 0;
  #reason: FailureReason = 'unknown';

  /** What the member failed with, last. */
  get reason(): FailureReason {
    return this.#reason;
  }

  /** Where the member stands in a call that begins now. Whoever gets `probe` must tell in any case what came of it. */
  enter(now: number): Place {
    if (this.#pause === 0) return 'own';
    if (now < this.#brokenUntil || this.#probing) return 'last';
    this.#probing = true;
    return 'probe';
  }

  /** The member answered: with key material, or with an error that is about the request. */
  answered(): void {
    this.#pause = 0;
    this.#probing = false;
    this.#outrun = 0;
  }

  /**
   * The member failed, with a row for each of its keys. It is enough that one failed hard. Many calls that one outage
   * ends are one failure: only a probe makes the pause longer.
   */
  failed(attempts: readonly Attempt[], place: Place, now: number): void {
    const hard = attempts.find(({ outcome, reason }) => outcome === 'failed' && HARD.has(reason));
    if (hard === undefined) {
      this.answered();
      return;
    }
    this.#break(hard.reason, place, now);
  }

  /** The member had its head start, and another answered while it was still silent. A probe is not given a second chance. */
  outrun(place: Place, now: number): void {
    this.#outrun++;
    if (place === 'probe' || this.#outrun >= MOST_OUTRUN) this.#break('timeout', place, now);
  }

  /** The call was given up before the member said anything. Another call's probe goes on. */
  abandoned(place: Place): void {
    if (place === 'probe') this.#probing = false;
  }

  #break(reason: FailureReason, place: Place, now: number): void {
    this.#reason = reason;
    if (this.#pause !== 0 && place !== 'probe') return;
    this.#pause = Math.min(this.#pause === 0 ? FIRST_PAUSE : this.#pause * 2, LONGEST_PAUSE);
    this.#brokenUntil = now + this.#pause;
    this.#probing = false;
  }
}
