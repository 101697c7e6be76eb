import type { Simulators } from '@keyfold/kms-simulators';

/** Until a condition holds; the test's own timeout is the only clock. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers that are withheld, and what the simulator sees meanwhile. */
export interface Held {
  readonly reached: Promise<void>;
  readonly abandoned: Promise<void>;
  readonly release: () => void;
}

/** Withholds the answers to an operation. */
export function hold(sim: Simulators, operation: string): Held {
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
