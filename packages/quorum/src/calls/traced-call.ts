import type { Keyring, KeyringTrace, Tracer } from '@keyfold/core/keyring';

/**
 * Tells whoever traces how a call to a member goes: that it began, and once how it ended, after how many ms. `succeeded`
 * says that the member wrapped its share or gave one; whether a set with that share gives the data key shows later.
 */
export class TracedCall {
  readonly #tracer: Tracer;
  readonly #member: Keyring;
  readonly #since = performance.now();
  #hasEnded = false;

  constructor(tracer: Tracer, member: Keyring) {
    this.#tracer = tracer;
    this.#member = member;
    tracer.tell(member, 'started', { reason: 'all' });
  }

  /** Only the first end counts. */
  end(event: KeyringTrace['event'], rest: Pick<KeyringTrace, 'reason' | 'error'> = {}): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#tracer.tell(this.#member, event, { milliseconds: performance.now() - this.#since, ...rest });
  }
}
