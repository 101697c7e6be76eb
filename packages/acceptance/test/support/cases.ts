import { vi } from 'vitest';

/** How many cases a test takes: all of them in CI, fewer on a developer's machine. */
export function cases(ci: number, local: number): number {
  return process.env['KEYFOLD_CI'] === '1' ? ci : local;
}

/** For files whose tests take many cases: on a machine that is busy, all of them need more than the usual minute. */
export function allowTime(): void {
  vi.setConfig({ testTimeout: 10 * 60_000 });
}

/** Every subset of some things, in their order, the empty one first. */
export function subsetsOf<T>(things: readonly T[]): T[][] {
  return Array.from({ length: 2 ** things.length }, (_, bits) => things.filter((_, i) => (bits >> i) & 1));
}
