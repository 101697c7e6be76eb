import { keyringConformance } from '../../src/index.js';
import type { ConformanceOptions } from '../../src/index.js';

/** A test that the suite registered. */
export interface Collected {
  /** The names of the groups that it is in, outermost first, and its own. */
  readonly path: readonly string[];
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** A test runner that runs nothing: it keeps what the suite registers, so that single rules can be run and seen to fail. */
export function collect(options: Omit<ConformanceOptions, 'describe' | 'it'>): Collected[] {
  const groups: string[] = [];
  const collected: Collected[] = [];
  keyringConformance({
    ...options,
    describe: (name, body) => {
      groups.push(name);
      body();
      groups.pop();
    },
    it: (title, run) => {
      collected.push({ path: [...groups, title], title, run });
    },
  });
  return collected;
}
