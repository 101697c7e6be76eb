import { abortable, abortError, throwIfAborted } from '../cancellation/abortable.js';
import { copyOfContext } from '../context/encryption-context.js';
import type { Attempt } from '../errors/attempt.js';
import { wipeKeyMaterial } from '../keyring/data-key.js';
import type { UnwrapRequest, UnwrapResult } from '../keyring/keyring.js';
import { attemptsOf, unwrapFailed } from '../keyring/keyring-error.js';
import { timedOut } from './deadline.js';
import type { Deadline } from './deadline.js';
import { trace } from './trace.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { ResolvedMember } from './write-policy.js';

/** A member in the order in which it is to be asked. */
export interface Candidate {
  readonly member: ResolvedMember;
  readonly breaker: CircuitBreaker;
}

/**
 * Asks members one after the other until one gives the data key. The next is asked as soon as one has failed or has
 * nothing to do with the envelope, and also when one is slow: after `headStart` ms. The first data key that the header's
 * MAC accepts wins, and the others are aborted.
 *
 * Returns `null` when no member knows a wrapped key. Throws `unwrap-failed` with every attempt, `aborted`.
 */
export async function hedgedUnwrap(
  candidates: readonly Candidate[],
  request: UnwrapRequest,
  headStart: number,
  deadline: Deadline,
): Promise<UnwrapResult | null> {
  const run = new HedgedUnwrap(candidates, request, headStart, deadline);
  return await run.result();
}

class HedgedUnwrap {
  readonly #candidates: readonly Candidate[];
  readonly #request: UnwrapRequest;
  readonly #headStart: number;
  readonly #deadline: Deadline;
  /** Fires when the result is known, and ends what still runs. */
  readonly #over = new AbortController();
  readonly #attempts: (readonly Attempt[])[] = [];
  readonly #running = new Set<number>();
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve!: (outcome: UnwrapResult | null | Error) => void;
  #settled = false;

  constructor(candidates: readonly Candidate[], request: UnwrapRequest, headStart: number, deadline: Deadline) {
    this.#candidates = candidates;
    this.#request = request;
    this.#headStart = headStart;
    this.#deadline = deadline;
  }

  async result(): Promise<UnwrapResult | null> {
    const { signal } = this.#request;
    throwIfAborted(signal);
    const outcome = new Promise<UnwrapResult | null | Error>((resolve) => {
      this.#resolve = resolve;
    });
    const stop = this.#deadline.start(() => {
      this.#giveUp();
    });
    try {
      this.#askNext();
      const settled = await abortable(outcome, signal, (late) => {
        wipe(late);
      });
      if (settled instanceof Error) throw settled;
      return settled;
    } finally {
      stop();
      clearTimeout(this.#timer);
      this.#over.abort(abortError(AbortSignal.abort()));
      // Those who were not asked did not probe anything either.
      for (const { breaker } of this.#candidates.slice(this.#next)) breaker.abandoned();
    }
  }

  /** The first outcome counts; key material that comes after it is wiped. */
  #settle(outcome: UnwrapResult | null | Error): void {
    if (this.#settled) wipe(outcome);
    this.#settled = true;
    this.#resolve(outcome);
  }

  #askNext(): void {
    clearTimeout(this.#timer);
    if (this.#over.signal.aborted) return;
    const index = this.#next++;
    const candidate = this.#candidates[index];
    if (candidate === undefined) {
      if (this.#running.size === 0) this.#finish();
      return;
    }
    this.#running.add(index);
    void this.#ask(candidate, index);
    this.#timer = setTimeout(() => {
      this.#askNext();
    }, this.#headStart);
  }

  /** Never rejects. */
  async #ask({ member, breaker }: Candidate, index: number): Promise<void> {
    const { keyring } = member;
    const signal = AbortSignal.any([this.#request.signal, this.#over.signal]);
    trace('unwrap', keyring, 'started');
    try {
      const unwrapping = keyring.unwrap({ ...this.#request, context: copyOfContext(this.#request.context), signal });
      const result = await abortable(unwrapping, signal, wipeKeyMaterial);
      trace('unwrap', keyring, result === null ? 'not-mine' : 'succeeded');
      if (result === null) {
        breaker.abandoned();
      } else {
        breaker.answered();
        this.#settle(result);
        return;
      }
    } catch (error) {
      if (this.#over.signal.aborted || this.#request.signal.aborted) {
        breaker.abandoned();
        trace('unwrap', keyring, 'aborted');
        return;
      }
      const attempts = attemptsOf(error, keyring);
      this.#attempts[index] = attempts;
      breaker.failed(attempts.map(({ reason }) => reason), Date.now());
      trace('unwrap', keyring, 'failed', error);
    }
    this.#running.delete(index);
    this.#askNext();
  }

  /** Nobody is left to ask, and nobody is running. */
  #finish(): void {
    const attempts = this.#attempts.flat();
    this.#settle(attempts.length === 0 ? null : unwrapFailed(attempts));
  }

  /** The deadline has passed. */
  #giveUp(): void {
    for (const index of this.#running) {
      const { member, breaker } = this.#candidates[index] as Candidate;
      this.#attempts[index] = [timedOut(member.keyring, 'unwrap', this.#deadline.milliseconds)];
      breaker.failed(['timeout'], Date.now());
    }
    for (let index = this.#next; index < this.#candidates.length; index++) {
      const { member } = this.#candidates[index] as Candidate;
      this.#attempts[index] = [{ ...timedOut(member.keyring, 'unwrap', this.#deadline.milliseconds), outcome: 'skipped' }];
    }
    this.#settle(unwrapFailed(this.#attempts.flat()));
  }
}

function wipe(outcome: UnwrapResult | null | Error): void {
  if (!(outcome instanceof Error)) wipeKeyMaterial(outcome);
}
