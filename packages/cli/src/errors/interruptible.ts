import { isKeyfoldError, KeyfoldError } from '@keyfold/core';
import { INTERRUPTED } from './cli-message.js';

/**
 * The result of work that a signal may end.
 *
 * @param consequence - what became of it then, to follow "Interrupted"
 * @throws `aborted` when the signal ended it, whatever form that took
 */
export async function interruptible<T>(signal: AbortSignal, consequence: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isKeyfoldError(error, 'aborted') && !(signal.aborted && error === signal.reason)) throw error;
    throw new KeyfoldError('aborted', `${INTERRUPTED}${consequence}`, {}, error);
  }
}
