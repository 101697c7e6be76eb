import { vi } from 'vitest';

/** Whether everything is to be tried, however long it takes. */
export const IN_CI: boolean = process.env['KEYFOLD_CI'] !== undefined;

/** Whether the tests run once for each of thousands of mutants of the code. */
const OF_MUTANTS: boolean = process.env['KEYFOLD_MUTATION'] !== undefined;

/** How many cases a property test takes: all of them in CI, fewer on a developer's machine. */
export function cases(ci: number, local = Math.ceil(ci / 10)): number {
  return IN_CI ? ci : OF_MUTANTS ? Math.ceil(local / 20) : local;
}

/** For files whose tests take many cases: on a machine that is busy, all of them need more than the usual minute. */
export function allowTime(): void {
  if (!OF_MUTANTS) vi.setConfig({ testTimeout: 10 * 60_000 });
}
