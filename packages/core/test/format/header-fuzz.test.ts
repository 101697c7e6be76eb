import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyfoldError } from '../../src/errors/index.js';
import { encodeHeader, parseHeader } from '../../src/format/header.js';
import type { Header } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { identity, wrapping } from '../support/arbitraries.js';
import { concat, utf8 } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { mutation, withFittingLength } from '../support/mutations.js';
import { rawHeader } from '../support/raw-header.js';

allowTime();

const limits = resolveLimits({}, 'limits');
const CODES = ['malformed', 'truncated', 'unsupported', 'limit-exceeded'];

/** A typed error, or a header whose one encoding these bytes are. Anything else fails. */
function parsesOrRefuses(bytes: Uint8Array): void {
  let header: Header;
  try {
    header = parseHeader(bytes, limits);
  } catch (error) {
    if (!isKeyfoldError(error) || !CODES.includes(error.code)) throw error;
    if (isKeyfoldError(error, 'malformed') && error.details.offset > bytes.length) throw error;
    return;
  }
  const encoded = encodeHeader(header.identity, header.wrapping, limits);
  const mac = bytes.subarray(header.length - 32, header.length);
  expect(concat(encoded.subarray(0, -32), mac)).toEqual(new Uint8Array(bytes.subarray(0, header.length)));
}

// 200,000 cases in CI, in four kinds: the less random the bytes, the deeper they get.
describe('any bytes whatever give a header or a typed error', () => {
  it('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), parsesOrRefuses), { numRuns: cases(20_000) });
  });

  it('random bytes behind a good beginning', () => {
    const beginning = concat(rawHeader().subarray(0, 14), Uint8Array.of(12, 0));
    const bytes = fc
      .tuple(fc.constantFrom(8, 12, 16, 32, 34, 40), fc.uint8Array({ minLength: 12, maxLength: 400 }))
      .map(([kept, rest]) => withFittingLength(concat(concat(beginning, new Uint8Array(24)).subarray(0, kept), rest)));
    fc.assert(fc.property(bytes, parsesOrRefuses), { numRuns: cases(30_000) });
  });

  it('valid headers, changed', () => {
    const bytes = fc
      .tuple(identity, wrapping, mutation, fc.boolean())
      .map(([someIdentity, someWrapping, change, fitting]) => {
        const changed = change(encodeHeader(someIdentity, someWrapping, limits));
        return fitting ? withFittingLength(changed) : changed;
      });
    fc.assert(fc.property(bytes, parsesOrRefuses), { numRuns: cases(75_000) });
  });

  it('headers with fields of any bytes', () => {
    const field = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('a', 'quorum', 'test', '', 'keyfold:x', '\ufeff').map(utf8) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 24 }) },
    );
    const shortField = field.filter(({ length }) => length < 256);
    const bytes = fc
      .record(
        {
          suite: fc.constantFrom(1, 1, 1, 1, 2, 0x101),
          segmentLog2: fc.integer({ min: 11, max: 25 }),
          flags: fc.constantFrom(0, 0, 0, 0, 1),
          contextCount: fc.constantFrom(0, 1, 2, 0xffff),
          context: fc.array(fc.record({ key: field, kind: fc.integer({ min: 0, max: 2 }), value: field }), { maxLength: 4 }),
          wrappedCount: fc.constantFrom(0, 1, 2, 33, 0xffff),
          wrappedKeys: fc.array(
            fc.record(
              {
                provider: shortField,
                keyId: field,
                keyVersion: shortField,
                algorithm: fc.oneof(shortField, fc.constant(utf8('SHAMIR-GF256'))),
                ciphertext: fc.uint8Array({ maxLength: 60 }),
              },
              { requiredKeys: [] },
            ),
            { maxLength: 4 },
          ),
          paddingLength: fc.constantFrom(0, 1, 0xffff),
          padding: fc.uint8Array({ maxLength: 4 }),
          extra: fc.uint8Array({ maxLength: 2 }),
        },
        { requiredKeys: [] },
      )
      .map(rawHeader);
    fc.assert(fc.property(bytes, parsesOrRefuses), { numRuns: cases(75_000) });
  });
});
