import { afterAll } from 'vitest';

/** Delays in ms, of hours, by which the timers of a multi-keyring under test are known. No other timer has such. */
export const HEAD_START = 71_000_003;
export const DEADLINE = 72_000_007;
export const PATIENCE = 73_000_009;

const NAMES: ReadonlyMap<unknown, TimerName> = new Map([[HEAD_START, 'head start'], [DEADLINE, 'deadline'], [PATIENCE, 'patience']]);

export type TimerName = 'head start' | 'deadline' | 'patience';

/**
 * The hand that moves a multi-keyring's clock. Everybody else's timers are real, as are the sockets, so a test can wait
 * until whoever answers has answered, and only then let time pass: its result depends on no machine's speed.
 */
export class Clock {
  readonly #running = new Map<unknown, { readonly name: TimerName; readonly callback: () => void }>();

  constructor() {
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    globalThis.setTimeout = Object.assign((callback: () => void, delay?: number, ...rest: unknown[]) => {
      const timer = set(callback, delay, ...rest);
      const name = NAMES.get(delay);
      if (name !== undefined) this.#running.set(timer, { name, callback });
      return timer;
    }, set) as typeof globalThis.setTimeout;
    globalThis.clearTimeout = (timer) => {
      this.#running.delete(timer);
      clear(timer);
    };
    afterAll(() => {
      Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
    });
  }

  /** The timers that run. */
  get running(): readonly TimerName[] {
    return [...this.#running.values()].map(({ name }) => name);
  }

  /** Lets the time of a timer come. */
  pass(name: TimerName): void {
    const found = [...this.#running].find(([, timer]) => timer.name === name);
    if (found === undefined) throw new Error(`No timer runs for the ${name}: ${this.running.join(', ')}.`);
    const [timer, { callback }] = found;
    clearTimeout(timer as NodeJS.Timeout);
    callback();
  }
}
