import { afterAll, expect } from 'vitest';
import { settled } from './wait.js';

/** Fails the test file if a promise was rejected in it that nobody handled. */
export function expectAllHandled(): void {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', listener);
  afterAll(async () => {
    await settled();
    process.off('unhandledRejection', listener);
    expect(seen).toEqual([]);
  });
}
