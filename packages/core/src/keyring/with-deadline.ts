import { abortable, throwIfAborted } from '../cancellation/abortable.js';

/** No answer came in time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Runs something that must end in time. Its signal fires when the deadline passes or the caller's signal fires; neither
 * waits for it to heed that. What it answers later goes to `discard`.
 *
 * @param timeoutMs - in ms
 * @param discard - gets what comes too late: wipe it there if it is key material
 * @throws `DeadlineExceeded`, `aborted`, and what `run` throws
 * @example
 * ```ts
 * const answer = await withDeadline(async (signal) => await kms.decrypt(input, { signal }), 10_000, request.signal);
 * ```
 */
export async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  signal: AbortSignal,
  discard?: (late: T) => void,
): Promise<T> {
  throwIfAborted(signal);
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, timeoutMs);
  try {
    return await abortable(abortable(run(stop.signal), stop.signal, discard), signal, discard);
  } catch (error) {
    const expired = stop.signal.aborted;
    stop.abort();
    throwIfAborted(signal);
    throw expired ? new DeadlineExceeded('No answer came in time.') : error;
  } finally {
    clearTimeout(timer);
  }
}
