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

/** An argument is refused when the function is called, not by a promise that it returns. The message is returned. */
export function refusal(call: () => unknown, argument: string): string {
  try {
    call();
  } catch (error) {
    if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    expect(error.details.argument).toBe(argument);
    expect(error.message).toMatch(new RegExp(`^${argument.replaceAll('.', '\\.')}: .*\\.$`, 's'));
    return error.message;
  }
  throw new Error('Nothing was refused.');
}
