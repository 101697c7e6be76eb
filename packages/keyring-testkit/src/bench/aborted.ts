import { isKeyfoldError } from '@keyfold/core';
import { assert, fail, show } from '../support/assert.js';
import type { Outcome } from '../support/settle.js';
import type { Bench } from './bench.js';
import { checkNothingLeaks } from './failure.js';

/** An outcome that must be the error of a call whose signal fired. */
export function checkAborted(bench: Bench, outcome: Outcome<unknown>, when: string): void {
  if (outcome.status === 'fulfilled') fail(`A call that is aborted ${when} must throw aborted; it gave a result.`);
  const { error } = outcome;
  checkNothingLeaks(bench, error);
  if (!isKeyfoldError(error, 'aborted')) {
    fail(
      `A call that is aborted ${when} must throw aborted (abortError, throwIfAborted); it threw ${show(error)}`,
      error,
    );
  }
  assert(error.name === 'AbortError', 'The error of an abort must be named AbortError.');
}
