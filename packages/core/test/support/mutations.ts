import fc from 'fast-check';
import { concat, copy, spliced } from './bytes.js';

type Change = (bytes: Uint8Array) => Uint8Array<ArrayBuffer>;

/** A place in a byte string of any length, as a fraction: each as likely as any other, which `fc.double` does not give. */
export const position: fc.Arbitrary<number> = fc.integer({ min: 0, max: 999_999 }).map((place) => place / 1_000_000);
const at = (bytes: Uint8Array, where: number): number => Math.floor(where * bytes.length);

/** One change that an attacker, a bad disk or a careless copy could make to a byte string. */
const change: fc.Arbitrary<Change> = fc.oneof(
  // A few bits of a byte.
  fc.tuple(position, fc.integer({ min: 1, max: 255 })).map(([where, mask]): Change => (bytes) => {
    const changed = copy(bytes);
    if (bytes.length > 0) changed[at(bytes, where)] = (changed[at(bytes, where)] as number) ^ mask;
    return changed;
  }),
  // A byte that a length, count, kind or flag field may take badly.
  fc.tuple(position, fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff)).map(([where, value]): Change => (bytes) => {
    const changed = copy(bytes);
    if (bytes.length > 0) changed[at(bytes, where)] = value;
    return changed;
  }),
  // Cut off.
  position.map((where): Change => (bytes) => copy(bytes.subarray(0, at(bytes, where)))),
  // Some bytes taken out.
  fc.tuple(position, fc.integer({ min: 1, max: 40 })).map(([where, count]): Change => (bytes) =>
    spliced(bytes, at(bytes, where), count),
  ),
  // Some put in, there or at the end.
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([where, more]): Change => (bytes) =>
    spliced(bytes, at(bytes, where), 0, more),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more): Change => (bytes) => concat(bytes, more)),
  // A part of it once more, elsewhere.
  fc.tuple(position, position, fc.integer({ min: 1, max: 60 })).map(([from, to, count]): Change => (bytes) =>
    spliced(bytes, at(bytes, to), 0, bytes.subarray(at(bytes, from), at(bytes, from) + count)),
  ),
);

/** One to three of these changes, one after the other. */
export const mutation: fc.Arbitrary<Change> = fc
  .array(change, { minLength: 1, maxLength: 3 })
  .map((changes): Change => (bytes) => changes.reduce<Uint8Array<ArrayBuffer>>((changed, each) => each(changed), copy(bytes)));

/** The same bytes with a `header_length` that is that of the bytes, so that a parser gets past it. */
export function withFittingLength(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const fitting = copy(bytes);
  if (fitting.length >= 12) new DataView(fitting.buffer).setUint32(8, fitting.length);
  return fitting;
}
