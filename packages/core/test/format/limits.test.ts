import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, resolveLimits } from '../../src/format/limits.js';
import { failure } from '../support/failure.js';

describe('limits', () => {
  it('are 64 KiB of header, and 64 entries and 8 KiB of context, unless the caller says otherwise', () => {
    expect(resolveLimits(undefined, 'limits')).toEqual({ headerBytes: 65_536, contextEntries: 64, contextBytes: 8_192 });
    expect(resolveLimits({}, 'limits')).toEqual(DEFAULT_LIMITS);
    expect(resolveLimits({ headerBytes: 100 }, 'limits')).toEqual({ ...DEFAULT_LIMITS, headerBytes: 100 });
    expect(resolveLimits({ contextEntries: 0, contextBytes: 1 }, 'limits')).toEqual({ headerBytes: 65_536, contextEntries: 0, contextBytes: 1 });
  });

  it('can be left undefined one by one', () => {
    const limits = { headerBytes: undefined } as unknown as { headerBytes: number };
    expect(resolveLimits(limits, 'limits')).toEqual(DEFAULT_LIMITS);
  });

  it.each([
    ['headerBytes', 1_048_576],
    ['contextEntries', 65_535],
    ['contextBytes', 1_048_576],
  ])('raise %s up to %i and no further', async (name, highest) => {
    expect(resolveLimits({ [name]: highest }, 'limits')).toMatchObject({ [name]: highest });
    expect((await failure(() => resolveLimits({ [name]: highest + 1 }, 'options.limits'), 'invalid-argument')).details).toEqual({
      argument: `options.limits.${name}`,
    });
  });

  it.each([[-1], [1.5], [Number.NaN], ['65536'], [null], [10n], [{}]])('are no %s', async (value) => {
    const error = await failure(() => resolveLimits({ headerBytes: value as number }, 'options.limits'), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.limits.headerBytes' });
    expect(error.message).toContain('1048576');
  });

  it.each(['headerByte', 'toString', '__proto__', 'constructor'])('do not have the name %s', async (name) => {
    const limits = Object.fromEntries([[name, 5]]);
    const error = await failure(() => resolveLimits(limits, 'options.limits'), 'invalid-argument');
    expect(error.details).toEqual({ argument: `options.limits.${name}` });
    expect(error.message).toContain('headerBytes, contextEntries, contextBytes');
  });

  it.each([[null], [65_536], ['64 KiB']])('are an object, not %s', async (limits) => {
    const error = await failure(() => resolveLimits(limits as unknown as object, 'options.limits'), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.limits' });
  });
});
