import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { peekHeaderLength } from '../../src/format/prelude.js';
import { concat, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';

const limits = resolveLimits({}, 'limits');

describe('the prelude', () => {
  it('tells the length of the header from its first 12 bytes', () => {
    const bytes = rawHeader();
    for (let length = 0; length < 12; length++) expect(peekHeaderLength(bytes.subarray(0, length), limits)).toBeUndefined();
    expect(peekHeaderLength(bytes.subarray(0, 12), limits)).toBe(bytes.length);
    expect(peekHeaderLength(rawHeader({ headerLength: 0x00010000 }), limits)).toBe(65_536);
  });

  it('is read where the bytes begin, not where their buffer does', () => {
    const bytes = rawHeader();
    const view = concat(patterned(7), bytes).subarray(7);
    expect(peekHeaderLength(view, limits)).toBe(bytes.length);
    expect(parseHeader(view, limits).mac).toEqual(new Uint8Array(32).fill(0x5a));
  });

  it('is refused at the first byte that is wrong, however few there are', async () => {
    for (let i = 0; i < 7; i++) {
      const bytes = rawHeader().subarray(0, i + 1);
      bytes[i] = 0;
      const error = await failure(() => peekHeaderLength(bytes, limits), 'malformed');
      expect(error.details).toEqual({ rule: 'magic', offset: i });
    }
    await failure(() => peekHeaderLength(rawHeader({ version: 3 }).subarray(0, 8), limits), 'unsupported');
  });
});

describe('a header that was cut off', () => {
  it('is truncated, at whatever length', async () => {
    const bytes = rawHeader({ context: [{ key: 'a', value: 'b' }] });
    for (let length = 0; length < bytes.length; length++) {
      const error = await failure(() => parseHeader(bytes.subarray(0, length), limits), 'truncated');
      expect(error.details).toEqual({ part: 'header', actual: length, expected: length < 12 ? 12 : bytes.length });
    }
    expect(parseHeader(bytes, limits).length).toBe(bytes.length);
  });
});
