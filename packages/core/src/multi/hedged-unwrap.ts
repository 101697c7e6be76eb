import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { Cancellation } from '../cancellation/cancellation.js';
import { copyOfContext } from '../context/encryption-context.js';
import type { Attempt } from '../errors/attempt.js';
import { wipeKeyMaterial } from '../keyring/data-key.js';
import type { UnwrapRequest, UnwrapResult } from '../keyring/keyring.js';
import { attemptsOf, unwrapFailed } from '../keyring/keyring-error.js';
import { askMember } from './ask-member.js';
import { causeOf } from './cause.js';
import { notAsked, timedOut } from './deadline.js';
import type { Deadline } from './deadline.js';
import { lineUp } from './line-up.js';
import type { Candidate, PlacedCandidate } from './line-up.js';
import { Tracer } from './trace.js';
import type { TraceReason } from './trace.js';

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
  throwIfAborted(request.signal);
  return await new HedgedUnwrap(candidates, request, headStart, deadline).result();
}

class HedgedUnwrap {
  readonly #tracer = new Tracer('unwrap');
  readonly #line: readonly PlacedCandidate[];
  readonly #request: UnwrapRequest;
  readonly #headStart: number;
  readonly #deadline: Deadline;
  /** Ends what still runs, when the result is known or the caller's signal fires. */
  readonly #over: Cancellation;
  readonly #attempts: (readonly Attempt[])[] = [];
  readonly #errors: unknown[] = [];
  /** Who has been asked and has not answered, and since when. */
  readonly #running = new Map<number, number>();
  /** Who was silent for the whole of its head start. */
  readonly #slow = new Set<number>();
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #resolve!: (outcome: UnwrapResult | null | Error) => void;
  #settled = false;

  constructor(candidates: readonly Candidate[], request: UnwrapRequest, headStart: number, deadline: Deadline) {
    this.#line = lineUp(candidates, this.#tracer);
    this.#request = request;
    this.#headStart = headStart;
    this.#deadline = deadline;
    this.#over = new Cancellation(request.signal);
  }

  async result(): Promise<UnwrapResult | null> {
    const { signal } = this.#request;
    const outcome = new Promise<UnwrapResult | null | Error>((resolve) => {
      this.#resolve = resolve;
    });
    const stop = this.#deadline.start(() => {
      this.#giveUp();
    });
    try {
      this.#askNext('first');
      const settled = await abortable(outcome, signal, wipe);
      if (settled instanceof Error) throw settled;
      return settled;
    } finally {
      stop();
      clearTimeout(this.#timer);
      this.#over.end();
      const answered = this.#settled && !signal.aborted;
      for (const index of this.#running.keys()) this.#tell(index, 'aborted', { reason: answered ? 'answered' : 'aborted' });
      this.#rememberSilence(answered);
    }
  }

  /** Those who said nothing, or were not asked, did not probe anything either, unless they let another answer for them. */
  #rememberSilence(answered: boolean): void {
    for (const [index, { breaker, place }] of this.#line.entries()) {
      if (index < this.#next && !this.#running.has(index)) continue;
      if (answered && this.#slow.has(index)) breaker.outrun(place, performance.now());
      else breaker.abandoned(place);
    }
  }

  /** The first outcome counts; key material that comes after it is wiped. */
  #settle(outcome: UnwrapResult | null | Error): void {
    if (this.#settled) wipe(outcome);
    this.#settled = true;
    this.#resolve(outcome);
  }

  #askNext(reason: TraceReason): void {
    clearTimeout(this.#timer);
    if (this.#settled || this.#over.signal.aborted) return;
    const index = this.#next;
    if (index >= this.#line.length) {
      if (this.#running.size === 0) this.#finish();
      return;
    }
    this.#next++;
    void this.#ask(index, reason);
    this.#timer = setTimeout(() => {
      // Without a head start all are asked at once, and to lose says nothing.
      if (this.#headStart > 0) for (const running of this.#running.keys()) this.#slow.add(running);
      this.#askNext('slow');
    }, this.#headStart);
  }

  /** Never rejects. */
  async #ask(index: number, why: TraceReason): Promise<void> {
    const { member, breaker, place } = this.#line[index] as PlacedCandidate;
    const { signal } = this.#over;
    this.#running.set(index, performance.now());
    this.#tracer.tell(member.keyring, 'started', { reason: why });
    try {
      const request = { ...this.#request, context: copyOfContext(this.#request.context), signal };
      const result = await abortable(askMember(member.keyring, request), signal, wipeKeyMaterial);
      this.#tell(index, result === null ? 'not-mine' : 'succeeded');
      this.#running.delete(index);
      if (result === null) breaker.abandoned(place);
      else breaker.answered();
      if (result !== null) this.#settle(result);
    } catch (error) {
      // Then it is told elsewhere how this ended.
      if (signal.aborted || !this.#running.has(index)) return;
      this.#fail(index, attemptsOf(error, member.keyring), error);
    }
    this.#askNext('next');
  }

  #fail(index: number, attempts: readonly Attempt[], error?: unknown): void {
    const { breaker, place } = this.#line[index] as PlacedCandidate;
    this.#attempts[index] = attempts;
    if (error !== undefined) this.#errors.push(error);
    breaker.failed(attempts, place, performance.now());
    this.#tell(index, 'failed', { reason: attempts[0]?.reason ?? 'unknown', ...(error === undefined ? {} : { error }) });
    this.#running.delete(index);
  }

  /** Nobody is left to ask, and nobody is running. */
  #finish(): void {
    const attempts = this.#attempts.flat();
    this.#settle(attempts.length === 0 ? null : unwrapFailed(attempts, causeOf(this.#errors)));
  }

  /** The deadline has passed. */
  #giveUp(): void {
    if (this.#settled) return;
    const { milliseconds } = this.#deadline;
    for (const index of [...this.#running.keys()]) {
      this.#fail(index, timedOut((this.#line[index] as PlacedCandidate).member.keyring, 'unwrap', milliseconds));
    }
    for (const [index, { member }] of this.#line.entries()) {
      if (index < this.#next) continue;
      this.#attempts[index] = notAsked(member.keyring, milliseconds);
      this.#tracer.tell(member.keyring, 'skipped', { reason: 'timeout' });
    }
    this.#settle(unwrapFailed(this.#attempts.flat(), causeOf(this.#errors)));
  }

  /** Tells how the call to a member ended. */
  #tell(index: number, event: 'succeeded' | 'failed' | 'not-mine' | 'aborted', rest: { readonly reason?: TraceReason; readonly error?: unknown } = {}): void {
    const milliseconds = performance.now() - (this.#running.get(index) ?? 0);
    this.#tracer.tell((this.#line[index] as PlacedCandidate).member.keyring, event, { milliseconds, ...rest });
  }
}

function wipe(outcome: UnwrapResult | null | Error): void {
  if (!(outcome instanceof Error)) wipeKeyMaterial(outcome);
}
