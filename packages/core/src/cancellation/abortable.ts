import { KeyfoldError } from '../errors/keyfold-error.js';
import { NEVER_ABORTED } from './never-aborted.js';
import { onAbort } from './on-abort.js';

export { NEVER_ABORTED };

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
 * that key material in it can be wiped; an error that arrives after that is dropped, and so is one of `discard`. A result
 * is either returned or discarded, never both, also when it and the signal come in the same moment.
 */
export async function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  discard?: (late: T) => void,
): Promise<T> {
  if (signal === undefined || signal === NEVER_ABORTED) return await promise;
  return await new Promise<T>((resolve, reject) => {
    let givenUp = false;
    const giveUp = (): void => {
      givenUp = true;
      stopWaiting();
      reject(abortError(signal));
    };
    const stopWaiting = onAbort(signal, giveUp);
    if (signal.aborted) giveUp();
    Promise.resolve(promise)
      .then(
        (result) => {
          stopWaiting();
          if (givenUp) discard?.(result);
          else resolve(result);
        },
        (error: unknown) => {
          stopWaiting();
          reject(error);
        },
      )
      // What `discard` throws: the caller has its error already.
      .catch(() => undefined);
  });
}
