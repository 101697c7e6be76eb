import { KeyfoldError } from '../errors/keyfold-error.js';
import { onAbort } from './on-abort.js';

/** For callers who gave no signal. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** The error of a call whose signal fired; its cause is the signal's reason. */
export function abortError(signal: AbortSignal): KeyfoldError<'aborted'> {
  return new KeyfoldError('aborted', 'The operation was aborted by its signal.', {}, signal.reason);
}

/** Throws `aborted` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}

/**
 * The promise's result, or `aborted` as soon as the signal fires. A result that arrives after that goes to `discard`, so
 * that key material in it can be wiped; an error that arrives after that is dropped.
 */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  discard?: (late: T) => void,
): Promise<T> {
  if (signal === undefined || signal === NEVER_ABORTED) return await promise;
  let stopWaiting: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void => {
      void promise.then(discard, () => undefined);
      reject(abortError(signal));
    };
    if (signal.aborted) giveUp();
    else stopWaiting = onAbort(signal, giveUp);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stopWaiting?.();
  }
}
