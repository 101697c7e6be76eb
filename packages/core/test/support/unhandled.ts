import { afterAll, beforeAll } from 'vitest';

/** Collects what this test file leaves unhandled; what it returns gives it, once. */
export function watchUnhandledRejections(): () => readonly unknown[] {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  beforeAll(() => {
    process.on('unhandledRejection', listener);
  });
  afterAll(() => {
    process.off('unhandledRejection', listener);
  });
  return () => seen.splice(0);
}
