import type { Fault } from './fault.js';

/** A fault in place: what it is, how often it hit, and the way to end it. */
export interface InjectedFault {
  /** Names the fault in the HTTP control API. */
  readonly id: string;
  readonly fault: Fault;
  /** How many requests it has hit. */
  readonly hits: number;
  /** How many more it will hit; `undefined`: all until it is cleared. */
  readonly remaining: number | undefined;
  /** Ends the fault. Requests that hang or wait because of it go on at once. */
  clear(): void;
}

/** @internal The board's side of an {@link InjectedFault}. */
export class ActiveFault implements InjectedFault {
  readonly id: string;
  readonly fault: Fault;
  hits = 0;
  readonly #cleared = new AbortController();
  readonly #onClear: (fault: ActiveFault) => void;

  constructor(id: string, fault: Fault, onClear: (fault: ActiveFault) => void) {
    this.id = id;
    this.fault = fault;
    this.#onClear = onClear;
  }

  get remaining(): number | undefined {
    return this.fault.count === undefined ? undefined : this.fault.count - this.hits;
  }

  /** Aborts when the fault is cleared. */
  get cleared(): AbortSignal {
    return this.#cleared.signal;
  }

  clear(): void {
    this.#onClear(this);
    this.#cleared.abort();
  }

  toJSON(): Pick<InjectedFault, 'id' | 'fault' | 'hits' | 'remaining'> {
    const { id, fault, hits, remaining } = this;
    return { id, fault, hits, remaining };
  }
}
