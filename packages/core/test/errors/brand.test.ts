import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as firstCopy from '../../src/index.js';
import { thrownBy } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';

const { encrypt, isKeyfoldError, KeyfoldError } = firstCopy;

afterEach(() => {
  vi.resetModules();
});

/** The module once more, as a second installed copy of the package would be. */
async function secondCopy(): Promise<typeof firstCopy> {
  vi.resetModules();
  return await import('../../src/index.js');
}

describe('an error of Keyfold', () => {
  it('is known by whichever copy of the package is asked', async () => {
    const other = await secondCopy();
    expect(other.KeyfoldError).not.toBe(KeyfoldError);
    const theirs = await thrownBy(other.encrypt('text' as never, { keyring: new TestKeyring() }));
    expect(theirs).not.toBeInstanceOf(KeyfoldError);
    expect(isKeyfoldError(theirs)).toBe(true);
    expect(isKeyfoldError(theirs, 'invalid-argument')).toBe(true);
    expect(isKeyfoldError(theirs, 'malformed')).toBe(false);
    const ours = await thrownBy(encrypt('text' as never, { keyring: new TestKeyring() }));
    expect(other.isKeyfoldError(ours, 'invalid-argument')).toBe(true);
  });

  it('of a keyring with another copy is understood as such', async () => {
    const other = await secondCopy();
    const { keyringError } = await import('../../src/keyring/index.js');
    const failure = keyringError(
      { provider: 'acme', keyring: 'k', keyId: 'id', operation: 'wrap', reason: 'disabled', retryable: false, remedy: 'Enable it.' },
      'It is disabled.',
    );
    expect(failure).toBeInstanceOf(other.KeyfoldError);
    expect(failure).not.toBeInstanceOf(KeyfoldError);
    const keyring = new TestKeyring({ wrap: async () => await Promise.reject(failure) });
    const error = await thrownBy(encrypt(new Uint8Array(1), { keyring }));
    expect(isKeyfoldError(error, 'wrap-failed') && error.details.attempts[0]?.reason).toBe('disabled');
  });

  it('is not what only looks like one', () => {
    const lookalikes = [
      undefined,
      null,
      'malformed',
      7,
      new Error('malformed'),
      { code: 'malformed', details: {}, name: 'KeyfoldError' },
      Object.assign(new Error('x'), { code: 'malformed', name: 'KeyfoldError' }),
      runInNewContext('new Error("x")') as unknown,
      () => undefined,
    ];
    for (const value of lookalikes) expect(isKeyfoldError(value)).toBe(false);
  });

  it('has a code, details, a cause and a name', () => {
    const cause = new Error('cause');
    const error = new KeyfoldError('file-failed', 'It failed.', { path: 'p', operation: 'open' }, cause);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: 'file-failed', message: 'It failed.', details: { path: 'p', operation: 'open' }, name: 'KeyfoldError' });
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('KeyfoldError: It failed.');
    expect(error.stack).toContain('It failed.');
    expect('cause' in new KeyfoldError('aborted', 'x', {})).toBe(false);
  });

  it('that is an abort has the name that aborts have everywhere', () => {
    expect(new KeyfoldError('aborted', 'It was aborted.', {}).name).toBe('AbortError');
  });
});
