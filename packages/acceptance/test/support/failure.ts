import { isKeyfoldError } from '@keyfold/core';
import type { ErrorCode, KeyfoldError } from '@keyfold/core';
import { expect } from 'vitest';

/** The error of Keyfold that something rejects with; any other error, another code, or none fails the test. */
export async function failure<Code extends ErrorCode>(work: Promise<unknown>, code: Code): Promise<KeyfoldError<Code>> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    // Thrown on, so that the report shows where it comes from.
    if (!isKeyfoldError(error)) throw error;
    expect(error, error.message).toMatchObject({ code });
    return error as KeyfoldError<Code>;
  }
  throw new Error(`Nothing was thrown; the result is ${String(result)}.`);
}
