/** What a keyring says of a key that it can only try. */
import { describe, expect, it } from 'vitest';
import { abortError, checkByUse, keyringError } from '../../src/keyring/index.js';
import type { FailureReason, KeyCheck, WrappedKey } from '../../src/keyring/index.js';
import { failure } from '../support/failure.js';

const WRAPPED: WrappedKey = { provider: 'acme', keyId: 'app', keyVersion: '7', algorithm: 'ACME', ciphertext: new Uint8Array(40) };

function refusal(reason: FailureReason): Error {
  return keyringError({ provider: 'acme', keyring: 'app', keyId: 'app', operation: 'check', reason, retryable: false, remedy: `Mend ${reason}.` }, 'It failed.');
}

/** How each use ends: well, or for a reason; `none` for a key that is not wrapped with. */
type End = 'well' | FailureReason;

interface Checked {
  readonly row: KeyCheck;
  /** What was wrapped, what was asked to be unwrapped, and what came of it. */
  readonly seen: { wrapped?: Uint8Array; unwrapped?: WrappedKey | 'nothing'; opened: Uint8Array };
}

async function check(wrap: End | 'none', unwrap: End): Promise<Checked> {
  const seen: { wrapped?: Uint8Array; unwrapped?: WrappedKey | 'nothing'; opened: Uint8Array } = { opened: new Uint8Array(32).fill(1) };
  const row = await checkByUse({
    provider: 'acme',
    keyId: 'app',
    keyVersion: '1',
    ...(wrap !== 'none' && {
      wrap: async (keyMaterial) => {
        seen.wrapped = keyMaterial;
        if (wrap !== 'well') throw refusal(wrap);
        return await Promise.resolve(WRAPPED);
      },
    }),
    unwrap: async (wrappedKey) => {
      seen.unwrapped = wrappedKey ?? 'nothing';
      if (unwrap !== 'well') throw refusal(unwrap);
      return await Promise.resolve(seen.opened);
    },
  });
  return { row, seen };
}

describe('a key that is wrapped with', () => {
  it('wraps 32 bytes of zero, unwraps them again, and keeps nothing of it', async () => {
    const { row, seen } = await check('well', 'well');
    expect(seen).toEqual({ wrapped: new Uint8Array(32), unwrapped: WRAPPED, opened: new Uint8Array(32) });
    expect(row).toEqual({
      provider: 'acme',
      keyId: 'app',
      keyVersion: '7',
      reachable: true,
      state: 'enabled',
      permitted: { wrap: 'yes', unwrap: 'yes', generate: 'no' },
    });
  });

  it.each([
    // One who writes need not read, nor one who reads write.
    ['well', 'access-denied', { state: 'enabled', permitted: { wrap: 'yes', unwrap: 'no' } }, undefined],
    ['access-denied', 'corrupt', { state: 'unknown', keyVersion: '1', permitted: { wrap: 'no', unwrap: 'yes' } }, undefined],
    ['access-denied', 'access-denied', { state: 'unknown', permitted: { wrap: 'no', unwrap: 'no' } }, 'access-denied'],
    ['well', 'disabled', { state: 'disabled', permitted: { wrap: 'yes', unwrap: 'unknown' } }, 'disabled'],
    // What comes back corrupt although it was wrapped just now is no answer to be content with.
    ['well', 'corrupt', { state: 'enabled', permitted: { wrap: 'yes', unwrap: 'unknown' } }, 'corrupt'],
    ['access-denied', 'not-found', { state: 'not-found', permitted: { wrap: 'no', unwrap: 'unknown' } }, 'not-found'],
    ['well', 'timeout', { reachable: false, state: 'enabled', permitted: { wrap: 'yes', unwrap: 'unknown' } }, 'timeout'],
  ] as const)('when the wrap ends %s and the unwrap %s', async (wrap, unwrap, expected, problem) => {
    const { row } = await check(wrap, unwrap);
    expect(row).toMatchObject({ reachable: true, ...expected });
    expect(row.problem).toEqual(problem && { reason: problem, remedy: `Mend ${problem}.` });
  });

  it.each(['unavailable', 'timeout', 'disabled', 'pending-deletion', 'not-found', 'throttled'] as const)('is not asked again when the wrap ends %s', async (reason) => {
    const { row, seen } = await check(reason, 'well');
    expect(seen.unwrapped).toBeUndefined();
    expect(row).toMatchObject({ reachable: !['unavailable', 'timeout'].includes(reason), permitted: { wrap: 'unknown', unwrap: 'unknown' }, problem: { reason } });
    expect(row.state).toBe(['disabled', 'pending-deletion', 'not-found'].includes(reason) ? reason : 'unknown');
  });
});

describe('a key that is unwrapped with only', () => {
  it.each([
    ['corrupt', 'yes', undefined],
    ['access-denied', 'no', 'access-denied'],
    ['unavailable', 'unknown', 'unavailable'],
  ] as const)('is asked to unwrap nothing, which ends %s: %s', async (end, unwrap, problem) => {
    const { row, seen } = await check('none', end);
    expect(seen.unwrapped).toBe('nothing');
    expect(row).toMatchObject({ keyVersion: '1', state: 'unknown', permitted: { wrap: 'no', unwrap, generate: 'no' } });
    expect(row.problem?.reason).toBe(problem);
  });
});

it('an abort is passed on, and so is what no keyring throws', async () => {
  const signal = AbortSignal.abort();
  const key = { provider: 'acme', keyId: 'app', keyVersion: '' };
  const aborted = async (): Promise<never> => await Promise.reject(abortError(signal));
  const bug = async (): Promise<never> => await Promise.reject(new TypeError('a bug'));
  await failure(checkByUse({ ...key, wrap: aborted, unwrap: aborted }), 'aborted');
  await failure(checkByUse({ ...key, unwrap: aborted }), 'aborted');
  await expect(checkByUse({ ...key, unwrap: bug })).rejects.toThrow('a bug');
});
