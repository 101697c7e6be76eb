import { isKeyfoldError } from '@keyfold/core';
import type { ErrorCode, KeyfoldError } from '@keyfold/core';
import { expect } from 'vitest';

/** The error of Keyfold that something throws or rejects with; any other error, another code, or none fails the test. */
export async function failure<Code extends ErrorCode>(
  work: Promise<unknown> | (() => unknown),
  code: Code,
): Promise<KeyfoldError<Code>> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    // Thrown on, so that the report shows where it comes from.
    if (!isKeyfoldError(error)) throw error;
    expect(error, error.message).toMatchObject({ code });
    return error as KeyfoldError<Code>;
  }
  throw new Error('Nothing was thrown.');
}

/** Each row of an error's table in a few words. */
export function rowsOf({ details }: KeyfoldError<'wrap-failed' | 'unwrap-failed'>): string[] {
  return details.attempts.map(({ outcome, keyId, reason }) => `${keyId} ${outcome === 'failed' ? '' : `${outcome} `}${reason}`);
}
