/** What keyrings read their own arguments with. */
import { describe, expect, it } from 'vitest';
import { assertKeyMaterial, assertOptions, readMaxAttempts, readTimeout } from '../../src/keyring/index.js';
import { failure } from '../support/failure.js';

/** The message with which an argument is refused. */
async function refusal(read: () => unknown, argument: string): Promise<string> {
  const { details, message } = await failure(read, 'invalid-argument');
  expect(details.argument).toBe(argument);
  return message;
}

describe('how long and how often a service is called', () => {
  it('has defaults, and limits that a timer holds', () => {
    expect([readTimeout(), readTimeout(1), readTimeout(2_147_483_647)]).toEqual([10_000, 1, 2_147_483_647]);
    expect([readMaxAttempts(), readMaxAttempts(1), readMaxAttempts(10)]).toEqual([3, 1, 10]);
  });

  it.each([0, -1, 1.5, 2_147_483_648, Infinity, NaN, '5'])('%s is neither', async (value) => {
    expect(await refusal(() => readTimeout(value as number), 'options.timeoutMs')).toContain('from 1 to 2147483647, in milliseconds');
    expect(await refusal(() => readMaxAttempts(value as number), 'options.maxAttempts')).toContain('from 1 to 10');
  });

  it('eleven attempts are too many', async () => {
    await refusal(() => readMaxAttempts(11), 'options.maxAttempts');
  });
});

it('what is no data key is not wrapped', async () => {
  assertKeyMaterial(new Uint8Array(32));
  for (const length of [0, 16, 31, 33, 64]) await refusal(() => { assertKeyMaterial(new Uint8Array(length)); }, 'request.keyMaterial');
});

it('no options are refused with the call as it should be', async () => {
  assertOptions({}, 'make({ key })');
  for (const options of [undefined, null, 'key', 7]) expect(await refusal(() => { assertOptions(options, 'make({ key })'); }, 'options')).toContain('make({ key })');
});
