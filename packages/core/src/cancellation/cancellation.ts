import { abortError } from './abortable.js';
import { onAbort } from './on-abort.js';

/**
 * A signal that fires when the caller's does, or when it is told to. To be ended in any case.
 *
 * `AbortSignal.any` is not used: Node 20 keeps each of its signals for as long as the signals live that it was made from
 * (seen with 20.20), and those of a caller may live as long as the process.
 */
export class Cancellation {
  readonly #controller = new AbortController();
  readonly #unlink: () => void;

  constructor(caller: AbortSignal) {
    this.#unlink = onAbort(caller, () => {
      this.#controller.abort(caller.reason);
    });
    if (caller.aborted) this.#controller.abort(caller.reason);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Fires the signal, unless it has fired, and lets go of the caller's. */
  end(): void {
    this.#unlink();
    if (!this.signal.aborted) this.#controller.abort(abortError(AbortSignal.abort()));
  }
}
