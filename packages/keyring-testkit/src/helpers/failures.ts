import { isKeyfoldError } from '@keyfold/core';
import type { ErrorCode, KeyfoldError } from '@keyfold/core';
import { assert, fail, show } from '../support/assert.js';

/**
 * The error of Keyfold that something throws or rejects with.
 *
 * @throws `ConformanceError` if nothing is thrown, or an error of another code; any other error as it is
 */
export async function failure<Code extends ErrorCode>(work: Promise<unknown> | (() => unknown), code: Code): Promise<KeyfoldError<Code>> {
  let result: unknown;
  try {
    result = await (typeof work === 'function' ? work() : work);
  } catch (error) {
    // Thrown on, so that the report shows where it comes from.
    if (!isKeyfoldError(error)) throw error;
    if (!isKeyfoldError(error, code)) fail(`It must fail with ${code}; it failed with ${error.code}: ${error.message}`, error);
    return error;
  }
  fail(`It must fail with ${code}; the result is ${show(result)}.`);
}

/**
 * An argument is refused when a function is called, not by a promise that it returns. The message is returned.
 *
 * @param argument - the name that the error gives it, with which its message begins, e.g. `options.key`
 * @throws `ConformanceError` if nothing is refused, or another argument; any other error as it is
 */
export function refusal(call: () => unknown, argument: string): string {
  try {
    call();
  } catch (error) {
    if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    const { details, message } = error;
    assert(details.argument === argument, `${argument} must be refused; ${details.argument} is: ${message}`);
    const said = message.startsWith(`${argument}: `) ? message.slice(`${argument}: `.length) : '';
    assert(SENTENCE.test(said), `The message must be "${argument}: " and a sentence; it is ${show(message)}.`);
    return message;
  }
  fail(`${argument} must be refused; nothing is.`);
}

/** It ends as one, or with a command to copy. */
const SENTENCE = /[.?!]$|: \S[^:]*$/;
