import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHeader, parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { contextEntries, identity, inByteOrder, wrappedKeys, wrapping } from '../support/arbitraries.js';
import { concat } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { rawHeader } from '../support/raw-header.js';

allowTime();

const limits = resolveLimits({}, 'limits');

describe('a header', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(identity, wrapping, (someIdentity, someWrapping) => {
        const bytes = encodeHeader(someIdentity, someWrapping, limits);
        const header = parseHeader(bytes, limits);
        expect(header.identity).toEqual(someIdentity);
        expect(header.wrapping).toEqual(someWrapping);
        expect(header.length).toBe(bytes.length);
        expect(concat(header.authenticated, header.mac)).toEqual(bytes);
      }),
      { numRuns: cases(5_000) },
    );
  });

  it('is written again as it was read', () => {
    const fields = fc.record({
      segmentLog2: fc.integer({ min: 12, max: 24 }),
      messageId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      context: contextEntries.map((entries) =>
        entries.map(({ key, kind, value }) => ({ key, kind: kind === 'external' ? 1 : 0, value })),
      ),
      revision: fc.integer({ min: 0, max: 0xffffffff }),
      wrappedKeys,
      padding: fc.integer({ min: 0, max: 300 }).map((length) => new Uint8Array(length)),
      mac: fc.constant(new Uint8Array(32)),
    });
    fc.assert(
      fc.property(fields, (some) => {
        const bytes = rawHeader(some);
        const { identity, wrapping } = parseHeader(bytes, limits);
        expect(encodeHeader(identity, wrapping, limits)).toEqual(bytes);
      }),
      { numRuns: cases(5_000) },
    );
  });

  it('has its wrapped keys in the order of the encoding, whatever order they are given in', () => {
    const shuffled = wrapping.chain((some) =>
      fc
        .shuffledSubarray([...some.wrappedKeys], { minLength: some.wrappedKeys.length })
        .map((keys) => ({ some, given: { ...some, wrappedKeys: keys } })),
    );
    fc.assert(
      fc.property(identity, shuffled, (someIdentity, { some, given }) => {
        expect(encodeHeader(someIdentity, given, limits)).toEqual(encodeHeader(someIdentity, some, limits));
      }),
      { numRuns: cases(1_000) },
    );
  });

  it('does not look at what follows it', () => {
    const bytes = rawHeader();
    expect(parseHeader(concat(bytes, bytes), limits).length).toBe(bytes.length);
  });

  it('sorts by UTF-8 bytes, which is not the order of UTF-16 units', () => {
    const [fromBmp, beyondBmp] = ['\uff5e', '\u{1f600}'];
    expect(fromBmp > beyondBmp).toBe(true);
    expect(inByteOrder(fromBmp, beyondBmp)).toBe(-1);
    const bytes = rawHeader({ context: [{ key: fromBmp }, { key: beyondBmp }] });
    expect(parseHeader(bytes, limits).identity.context.map(({ key }) => key)).toEqual([fromBmp, beyondBmp]);
  });
});
