import { abortable } from '@keyfold/core/keyring';

/** Why an operation's members were told to stop, before they all had ended by themselves. */
export type End = 'caller' | 'deadline' | 'settled';

/**
 * One wrap, unwrap or check over several members. All calls are told to stop when the caller's signal fires, when the
 * deadline has passed, or when the outcome is known. `close` must be called: it stops the clock, and leaves no listener on the
 * caller's signal.
 */
export class Operation {
  /** One for each call that runs: platforms warn of a leak when SDKs put more than ten listeners on one signal. */
  readonly #running = new Set<AbortController>();
  readonly #caller: AbortSignal;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #onAbort = (): void => {
    this.#end('caller', this.#caller.reason);
  };
  #ended: End | undefined;

  constructor(caller: AbortSignal, deadline: number) {
    this.#caller = caller;
    this.#timer = setTimeout(() => {
      this.#end('deadline');
    }, deadline);
    caller.addEventListener('abort', this.#onAbort);
  }

  /** Why it has ended, if it has. */
  get ended(): End | undefined {
    return this.#ended;
  }

  /** A member's answer, or `aborted` as soon as the operation ends; an answer after that goes to `discard`. */
  async call<T>(ask: (signal: AbortSignal) => Promise<T>, discard?: (late: T) => void): Promise<T> {
    const controller = new AbortController();
    if (this.#ended !== undefined) controller.abort();
    this.#running.add(controller);
    try {
      // Asked within a promise, so that a keyring which throws at once is one that rejects.
      const answer = (async () => await ask(controller.signal))();
      return await abortable(answer, controller.signal, discard);
    } finally {
      this.#running.delete(controller);
    }
  }

  /** The outcome is known: the members that still work are to stop. */
  settle(): void {
    this.#end('settled');
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#onAbort);
    this.#end('settled');
  }

  #end(end: End, reason?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = end;
    for (const controller of this.#running) controller.abort(reason);
  }
}
