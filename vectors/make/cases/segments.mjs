// Payloads that are not what was written, under a header that is.
import { cat } from '../bytes.mjs';
import { message, withSegments } from '../message.mjs';
import { sealSegment } from '../payload.mjs';

/** @typedef {import('../collection.mjs').Collection} Collection */

const size = 4096;

/** @param {Collection} collection */
export function segments(collection) {
  const plain = message('segments', { plaintextLength: 2 * size + 100 });
  const [first, second, third] = /** @type {[Buffer, Buffer, Buffer]} */ (plain.segments);
  const fails = failing(collection, plain);
  fails('damaged', 'first', 'A bit of the first segment.', 0, [flip(first, 0), second, third]);
  fails('damaged', 'middle', 'A bit of the middle segment.', 1, [first, flip(second, 17), third]);
  fails('damaged', 'last', 'A bit of the last segment.', 2, [first, second, flip(third, 99)]);
  fails('damaged', 'tag', 'A bit of the last tag.', 2, [first, second, flip(third, third.length - 1)]);
  fails('damaged', 'inner-tag', 'A bit of the first tag.', 0, [flip(first, size + 15), second, third]);
  fails('damaged', 'swapped', 'The first two segments in the wrong order.', 0, [second, first, third]);
  fails('damaged', 'duplicated', 'The first segment twice.', 1, [first, first, second, third]);
  fails('damaged', 'dropped', 'The first segment is missing.', 0, [second, third]);
  fails('damaged', 'middle-dropped', 'The middle segment is missing.', 1, [first, third]);
  fails('damaged', 'last-first', 'The last segment in the place of the first.', 0, [third]);
  fails('damaged', 'cut', 'The last segment lost its last byte.', 2, [first, second, third.subarray(0, -1)]);
  fails('damaged', 'one-more-byte', 'A byte behind the last segment, which is not full.', 2, [first, second, third, Buffer.alloc(1)]);
  fails('damaged', 'appended', 'The last segment, which is not full, twice.', 2, [first, second, third, third]);
  fails('cut-off', '', 'The last segment is missing.', 1, [first, second]);
  fails('cut-off', 'first', 'Only the first segment is left.', 0, [first]);
  const otherKey = message('segments other').keys.payloadKey;
  const foreign = sealSegment(otherKey, 2, true, plain.plaintext.subarray(2 * size));
  fails('damaged', 'other-message', 'The last segment is another message’s.', 2, [first, second, foreign]);

  const { payloadKey } = plain.keys;
  const innerThird = sealSegment(payloadKey, 2, false, plain.plaintext.subarray(2 * size));
  fails('cut-off', 'no-final-flag', 'A short segment at the end that was not sealed as the last.', 2, [first, second, innerThird]);
  const lastFirst = sealSegment(payloadKey, 0, true, plain.plaintext.subarray(0, size));
  fails('extended', '', 'A full segment that was sealed as the last, and others behind it.', 0, [lastFirst, second, third]);

  appended(collection);
  mismatch(collection);
}

/**
 * Bytes behind a last segment that is full. By the payload's length alone they look like the beginning of another.
 *
 * @param {Collection} collection
 */
function appended(collection) {
  const full = message('full', { plaintextLength: size });
  const fails = failing(collection, full);
  const extra = (/** @type {number} */ length) => [...full.segments, Buffer.alloc(length)];
  fails('extended', 'one-byte', 'One byte behind a full last segment.', 0, extra(1), {
    error: 'truncated',
    part: 'payload',
  });
  fails('extended', '16-bytes', 'As many bytes behind it as an empty segment has.', 0, extra(16), {
    error: 'malformed',
    rule: 'segment-empty-last',
  });
  fails('extended', '17-bytes', 'As many bytes behind it as a segment of one byte has.', 0, extra(17));
  const twice = [...full.segments, .../** @type {Buffer[]} */ (full.segments)];
  fails('extended', 'twice', 'A full last segment twice.', 0, twice);
}

/** @param {Collection} collection */
function mismatch(collection) {
  const one = message('mismatch one', { plaintextLength: size + 1 });
  const two = message('mismatch two', { plaintextLength: size + 1 });
  const failure = { error: 'payload-mismatch', released: 0 };
  collection.fails('payload-mismatch', 'The payload of another message behind the header.', one,
    { envelope: cat(one.header, two.payload) }, failure);
  collection.fails('payload-mismatch--detached', 'The header of one message and the payload of another.', one,
    { header: one.header, payload: two.payload }, failure);
  const disguised = cat(one.parts.messageId, two.payload.subarray(16));
  collection.fails('payload-damaged--disguised', 'The same, with the message id made to fit.', one,
    { header: one.header, payload: disguised },
    { error: 'payload-damaged', segment: 0, kind: 'damaged', released: 0 });
}

/**
 * @callback Fails
 * @param {'damaged' | 'cut-off' | 'extended'} kind
 * @param {string} how
 * @param {string} about
 * @param {number} segment
 * @param {Uint8Array[]} sealed
 * @param {import('../collection.mjs').Failure} [byLength] for a reader that judges the payload's length first
 */

/**
 * @param {Collection} collection
 * @param {import('../message.mjs').Message} plain
 * @returns {Fails}
 */
function failing(collection, plain) {
  return (kind, how, about, segment, sealed, byLength) => {
    const name = kind === 'damaged' ? `payload-damaged--${how}` : `payload-${kind}${how === '' ? '' : `--${how}`}`;
    const released = segment * size;
    collection.fails(name, about, plain, { envelope: withSegments(plain, sealed) }, {
      error: 'payload-damaged',
      segment,
      kind,
      released,
      ...(byLength && { by_length: byLength }),
    });
  };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} offset
 */
function flip(bytes, offset) {
  const copy = Buffer.from(bytes);
  copy[offset] = /** @type {number} */ (copy[offset]) ^ 1;
  return copy;
}
