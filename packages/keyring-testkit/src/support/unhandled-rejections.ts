import { fail } from './assert.js';
import { turn } from './settle.js';

/** What is used of Node's `process`, which Bun and Deno have too. */
interface ProcessEvents {
  on(event: 'unhandledRejection', listener: (error: unknown) => void): unknown;
  off(event: 'unhandledRejection', listener: (error: unknown) => void): unknown;
}

/** Fails when a promise is rejected meanwhile and nobody hears of it. Not every test runner looks for that. */
export async function withoutUnhandledRejections(run: () => Promise<void>): Promise<void> {
  const { process } = globalThis as { process?: Partial<ProcessEvents> };
  if (process?.on === undefined || process.off === undefined) {
    await run();
    return;
  }
  const unhandled: unknown[] = [];
  const listener = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', listener);
  try {
    await run();
    await turn();
  } finally {
    process.off('unhandledRejection', listener);
  }
  if (unhandled.length > 0) fail('A promise of the keyring was rejected and nobody handled it.', unhandled[0]);
}
