import type { KeyfoldError } from '@keyfold/core';

/** Each row of an error's table in a few words. */
export function rowsOf({ details }: KeyfoldError<'wrap-failed' | 'unwrap-failed'>): string[] {
  return details.attempts.map(({ outcome, keyId, reason }) => `${keyId} ${outcome === 'failed' ? '' : `${outcome} `}${reason}`);
}
