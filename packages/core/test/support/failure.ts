import { expect } from 'vitest';
import { isKeyfoldError } from '../../src/errors/index.js';
import type { ErrorCode, KeyfoldError } from '../../src/errors/index.js';

/** What something throws or rejects with. Fails when it does neither. */
export async function thrownBy(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

/** The error of Keyfold that something throws or rejects with; any other error, another code, or none fails the test. */
export async function failure<Code extends ErrorCode>(
  work: Promise<unknown> | (() => unknown),
  code: Code,
): Promise<KeyfoldError<Code>> {
  const error = await thrownBy(work);
  return asFailure(error, code);
}

/** Fails for anything that is no error of Keyfold. It is thrown on, so that the report shows where it comes from. */
export function expectTyped(error: unknown): asserts error is KeyfoldError {
  if (!isKeyfoldError(error)) throw error;
}

/**
 * Every message is made of whole sentences for a person, and none of its parts is missing: it begins and ends as a
 * sentence does, or as what leads to a list, and has no gap where a part would be.
 */
function expectSentences({ message }: KeyfoldError): void {
  expect(message.split('\n')[0]).toMatch(/^\S.{20,}[.:]$/);
  expect(message).not.toMatch(/\S {2}| $/);
}

/** The same for something that was caught already. */
export function asFailure<Code extends ErrorCode>(error: unknown, code: Code): KeyfoldError<Code> {
  expectTyped(error);
  expect(error, error.message).toMatchObject({ code });
  expectSentences(error);
  return error as KeyfoldError<Code>;
}
