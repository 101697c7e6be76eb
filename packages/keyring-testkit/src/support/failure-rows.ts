import { isKeyfoldError } from '@keyfold/core';
import type { Attempt } from '@keyfold/core';

/** What an error says of one key that failed. */
export type FailureRow = Pick<
  Attempt,
  'provider' | 'keyring' | 'keyId' | 'reason' | 'retryable' | 'message' | 'remedy'
>;

/** The keys that something thrown by a keyring says failed, or `undefined` if it is no error that a keyring may throw. */
export function failureRows(thrown: unknown): readonly FailureRow[] | undefined {
  if (isKeyfoldError(thrown, 'keyring-failed')) return [{ ...thrown.details, message: thrown.message }];
  if (isKeyfoldError(thrown, 'wrap-failed') || isKeyfoldError(thrown, 'unwrap-failed')) {
    return thrown.details.attempts.filter(({ outcome }) => outcome === 'failed');
  }
  return undefined;
}
