import { abortable } from '../cancellation/abortable.js';

/** Longest wait in ms before the second attempt; twice that before the third, and so on. */
const FIRST_DELAY = 100;
const LONGEST_DELAY = 2_000;

/**
 * Runs something again while it fails in a way that may pass, waiting longer each time, with jitter. No timer is left
 * when the signal fires.
 *
 * @param maxAttempts - how often it is run at most, the first time included
 * @throws `aborted`, and what the last `run` throws
 * @example
 * ```ts
 * await withRetries(async () => await call(signal), 3, (error) => isOutOfReach(error), signal);
 * ```
 */
export async function withRetries<T>(
  run: () => Promise<T>,
  maxAttempts: number,
  mayPass: (error: unknown) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= maxAttempts || signal.aborted || !mayPass(error)) throw error;
      await pause(Math.random() * Math.min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY), signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    await abortable(passed, signal);
  } finally {
    clearTimeout(timer);
  }
}
