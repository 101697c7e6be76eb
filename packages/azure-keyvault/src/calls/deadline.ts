import { abortable, throwIfAborted } from '@keyfold/core/keyring';

/** No answer came in time. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
}

/**
 * Runs something that must end in time. Its signal fires when the deadline passes or the caller's signal fires; neither
 * waits for it to heed that. What it answers later goes to `discard`.
 *
 * @param timeoutMs - in ms
 * @throws `DeadlineExceeded`, `aborted`, and what `run` throws
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
