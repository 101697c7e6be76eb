import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectRanges } from '../src/byte-ranges.mjs';

const LENGTH = 1000;
/** What a header selects, as `first-last`. */
function selected(header: string | undefined, length = LENGTH): string {
  const selection = selectRanges(header, length);
  return selection.kind === 'parts' ? selection.ranges.map(({ first, last }) => `${first}-${last}`).join(' ') : selection.kind;
}

describe('a Range header that is valid', () => {
  it.each([
    ['bytes=0-0', '0-0'],
    ['bytes=0-499', '0-499'],
    ['bytes=500-999', '500-999'],
    ['bytes=999-999', '999-999'],
    ['bytes=500-', '500-999'],
    ['bytes=0-', '0-999'],
    ['bytes=999-', '999-999'],
    ['bytes=-500', '500-999'],
    ['bytes=-1', '999-999'],
    ['bytes=-1000', '0-999'],
    ['bytes=-1001', '0-999'],
    ['bytes=990-2000', '990-999'],
    [`bytes=0-${'9'.repeat(400)}`, '0-999'],
    [`bytes=-${'9'.repeat(400)}`, '0-999'],
    ['bytes=000000000000000000000000000001-0002', '1-2'],
    ['BYTES=1-2', '1-2'],
    ['Bytes=1-2', '1-2'],
  ])('%s selects %s', (header, expected) => {
    expect(selected(header)).toBe(expected);
  });

  it.each([
    ['bytes=0-0,-1', '0-0 999-999'],
    ['bytes=0-9, 20-29 ,40-49', '0-9 20-29 40-49'],
    ['bytes=,0-9', '0-9'],
    ['bytes=0-9,,\t, 20-29,', '0-9 20-29'],
    ['bytes=500-600,601-999', '500-999'],
    ['bytes=500-700,601-999', '500-999'],
    ['bytes=0-999,5-6', '0-999'],
    ['bytes=20-29,0-9', '0-9 20-29'],
    ['bytes=0-9,1000-1001', '0-9'],
    ['bytes=1000-,-0,0-9', '0-9'],
    [`bytes=${Array.from({ length: 16 }, (_, i) => `${i * 10}-${i * 10}`).join(',')}`, Array.from({ length: 16 }, (_, i) => `${i * 10}-${i * 10}`).join(' ')],
  ])('%s selects %s', (header, expected) => {
    expect(selected(header)).toBe(expected);
  });

  it('of which nothing is there is unsatisfiable', () => {
    for (const header of ['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=-000', 'bytes=5000-,-0', `bytes=${'9'.repeat(400)}-`]) {
      expect(selected(header), header).toBe('unsatisfiable');
    }
  });

  it('of more parts than are answered selects the whole', () => {
    const many = Array.from({ length: 17 }, (_, i) => `${i * 10}-${i * 10}`).join(',');
    expect(selected(`bytes=${many}`)).toBe('whole');
  });
});

describe('a Range header that is invalid, or not about bytes, selects the whole', () => {
  it.each([
    '', 'bytes', 'bytes=', 'bytes= ', 'bytes=,', 'bytes=-', 'bytes=--1', 'bytes=a-b', 'bytes=1', 'bytes=1-2-3', 'bytes=2-1', 'bytes=0-5,2-1',
    'bytes=0-5,x', 'bytes=0-5;6-7', 'bytes=0.5-1', 'bytes=+1-2', 'bytes=0x1-0x2', 'bytes=1e1-', 'bytes= 0-1', 'bytes=0-1 ', 'bytes=0 -1', 'bytes=0- 1',
    'bytes =0-1', ' bytes=0-1', 'bytes:0-1', 'bytes 0-1', '0-1', '-1', 'seconds=0-1', 'none', 'items=0-1', 'bytes=0-1, bytes=2-3', 'bytes=٠-١',
    'bytes=0\u20131', 'bytes=1-0', 'bytes=9007199254740993-9007199254740992', `bytes=${'9'.repeat(400)}-1`, 'bytesx=0-1', 'xbytes=0-1', 'bytes=0-1\n',
  ])('%j', (header) => {
    expect(selected(header)).toBe('whole');
  });

  it('and so does none', () => {
    expect(selected(undefined)).toBe('whole');
  });
});

describe('nothing', () => {
  it.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=-0', 'bytes=5-6', 'x', undefined])('has no parts: %j', (header) => {
    expect(selected(header, 0)).toBe('whole');
  });
});

describe('any ranges', () => {
  it('select the bytes that they name, once each and in ascending order', () => {
    const length = fc.integer({ min: 1, max: 60 });
    const number = fc.integer({ min: 0, max: 70 });
    const spec = fc.oneof(
      fc.tuple(number, number).map(([a, b]) => ({ text: `${Math.min(a, b)}-${Math.max(a, b)}`, has: (at: number) => at >= Math.min(a, b) && at <= Math.max(a, b) })),
      number.map((a) => ({ text: `${a}-`, has: (at: number) => at >= a })),
      number.map((a) => ({ text: `-${a}`, has: (at: number, size: number) => at >= size - a })),
    );
    fc.assert(
      fc.property(length, fc.array(spec, { minLength: 1, maxLength: 16 }), (size, specs) => {
        const expected = Array.from({ length: size }, (_, at) => at).filter((at) => specs.some(({ has }) => has(at, size)));
        const selection = selectRanges(`bytes=${specs.map(({ text }) => text).join(',')}`, size);
        const ranges = selection.kind === 'parts' ? selection.ranges : [];
        const actual = ranges.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
        expect(actual).toEqual(expected);
        expect(selection.kind).toBe(expected.length === 0 ? 'unsatisfiable' : 'parts');
      }),
    );
  });

  it('or any text, select something', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('b', 'y', 't', 'e', 's', '=', '-', ',', ' ', '0', '1', '9') }), (text) => {
        for (const header of [text, `bytes=${text}`]) expect(['whole', 'parts', 'unsatisfiable']).toContain(selectRanges(header, 10).kind);
      }),
    );
  });
});
