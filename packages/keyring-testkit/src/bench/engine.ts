import { isKeyfoldError } from '@keyfold/core';
import type { ErrorCode } from '@keyfold/core';
import { fail, show } from '../support/assert.js';
import { concat } from '../support/bytes.js';
import { within } from '../support/settle.js';
import type { Bench } from './bench.js';
import { checkNothingLeaks } from './failure.js';

/** Work of the engine that must fail with this code. Anything else, or no error, breaks the rule. */
export async function failsWith(bench: Bench, work: Promise<unknown>, code: ErrorCode, when: string): Promise<unknown> {
  const ended = work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const failure = await within(ended, bench.plan.patience, `A call ${when} must end`);
  if (failure === undefined) fail(`A call ${when} must throw ${code}; it gave a result.`);
  checkNothingLeaks(bench, failure.error);
  if (!isKeyfoldError(failure.error, code)) {
    fail(`A call ${when} must throw ${code}; it threw ${show(failure.error)}`, failure.error);
  }
  return failure.error;
}

/** All that a stream gives. */
export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    parts.push(value);
  }
}
