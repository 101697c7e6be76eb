/**
 * A part of a representation: from byte `first` to byte `last`, both of them included.
 *
 * @typedef {{ readonly first: number, readonly last: number }} ByteRange
 */

/**
 * What a request asks for: the whole representation, parts of it, or parts that it does not have.
 *
 * @typedef {{ readonly kind: 'whole' } | { readonly kind: 'parts', readonly ranges: readonly ByteRange[] } | { readonly kind: 'unsatisfiable' }} Selection
 */

/** Ranges that are answered in one response. Who asks for more gets the whole (RFC 9110, section 14.2). */
const MOST_RANGES = 16;

/**
 * What a `Range` header selects (RFC 9110, sections 14.1.2 and 14.2). One that is invalid, or of another unit than bytes,
 * is ignored. Ranges that overlap or touch become one, so that nobody can ask for the same bytes again and again.
 *
 * @param {string | undefined} header
 * @param {number} length of the representation, in bytes
 * @returns {Selection}
 */
export function selectRanges(header, length) {
  const specs = header === undefined ? undefined : parseRanges(header);
  // No part of nothing can be written down in a Content-Range.
  if (specs === undefined || length === 0) return { kind: 'whole' };
  const ranges = specs.map((spec) => satisfy(spec, length)).filter((range) => range !== undefined);
  if (ranges.length === 0) return { kind: 'unsatisfiable' };
  return ranges.length > MOST_RANGES ? { kind: 'whole' } : { kind: 'parts', ranges: coalesce(ranges) };
}

/**
 * A range as it was written: `first-last`, `first-`, or the last `suffix` bytes. Numbers may be beyond all bounds.
 *
 * @typedef {{ readonly first: number, readonly last: number } | { readonly suffix: number }} RangeSpec
 */

/** @param {string} header @returns {RangeSpec[] | undefined} `undefined` if it is invalid, or not about bytes */
function parseRanges(header) {
  const [, set] = /^bytes=(.+)$/i.exec(header) ?? [];
  // White space stands around commas only.
  if (set === undefined || /^[ \t]|[ \t]$/.test(set)) return undefined;
  /** @type {RangeSpec[]} */
  const specs = [];
  for (const element of set.split(/[ \t]*,[ \t]*/)) {
    // Whoever builds a list may leave gaps in it (section 5.6.1.2).
    if (element === '') continue;
    const spec = parseRange(element);
    if (spec === undefined) return undefined;
    specs.push(spec);
  }
  return specs.length === 0 ? undefined : specs;
}

/** @param {string} element @returns {RangeSpec | undefined} */
function parseRange(element) {
  const [, first = '', last = ''] = /^([0-9]*)-([0-9]*)$/.exec(element) ?? [];
  if (first === '') return last === '' ? undefined : { suffix: Number(last) };
  if (last !== '' && isLess(last, first)) return undefined;
  return { first: Number(first), last: last === '' ? Infinity : Number(last) };
}

/** Compares numbers of any length. @param {string} a @param {string} b */
function isLess(a, b) {
  return BigInt(a) < BigInt(b);
}

/** @param {RangeSpec} spec @param {number} length @returns {ByteRange | undefined} `undefined` if there is no such part */
function satisfy(spec, length) {
  if ('suffix' in spec) return spec.suffix === 0 ? undefined : { first: Math.max(0, length - spec.suffix), last: length - 1 };
  return spec.first >= length ? undefined : { first: spec.first, last: Math.min(spec.last, length - 1) };
}

/** @param {readonly ByteRange[]} ranges @returns {ByteRange[]} in ascending order, with a gap between any two */
function coalesce(ranges) {
  /** @type {ByteRange[]} */
  const apart = [];
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = apart.at(-1);
    if (before === undefined || range.first > before.last + 1) apart.push(range);
    else apart[apart.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
  }
  return apart;
}
