import { until } from './until.js';

/** What of the simulators answers are withheld with. */
interface Simulated {
  readonly faults: { inject(fault: { readonly kind: 'hang'; readonly operation: string }): { readonly hits: number; clear(): void } };
  readonly requests: { count(filter: { readonly operation: string; readonly outcome: 'no-answer' }): number };
}

/** Answers that are withheld, and what the simulator sees meanwhile. */
export interface Held {
  readonly reached: Promise<void>;
  readonly abandoned: Promise<void>;
  readonly release: () => void;
}

/** Withholds the answers to an operation. */
export function hold(sim: Simulated, operation: string): Held {
  const fault = sim.faults.inject({ kind: 'hang', operation });
  const before = sim.requests.count({ operation, outcome: 'no-answer' });
  return {
    reached: until(() => fault.hits > 0),
    abandoned: until(() => sim.requests.count({ operation, outcome: 'no-answer' }) > before),
    release: () => {
      fault.clear();
    },
  };
}
