import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertRoomBehind, layoutOfPayload, layoutOfPlaintext } from '../../src/format/payload-layout.js';
import { segmentNonce } from '../../src/format/nonce.js';
import { hex } from '../support/bytes.js';
import { cases } from '../support/cases.js';
import { failure } from '../support/failure.js';

const [MESSAGE_ID, TAG, SEGMENT] = [16, 16, 4096];

describe('the layout of a payload', () => {
  it.each([
    [0, 1, MESSAGE_ID + TAG],
    [1, 1, MESSAGE_ID + 1 + TAG],
    [SEGMENT - 1, 1, MESSAGE_ID + SEGMENT - 1 + TAG],
    [SEGMENT, 1, MESSAGE_ID + SEGMENT + TAG],
    [SEGMENT + 1, 2, MESSAGE_ID + SEGMENT + 1 + 2 * TAG],
    [2 * SEGMENT, 2, MESSAGE_ID + 2 * SEGMENT + 2 * TAG],
    [2 * SEGMENT + 1, 3, MESSAGE_ID + 2 * SEGMENT + 1 + 3 * TAG],
  ])('of %i plaintext bytes has %i segments in %i bytes', (plaintextLength, segmentCount, payloadLength) => {
    const layout = { segmentSize: SEGMENT, segmentCount, plaintextLength, payloadLength };
    expect(layoutOfPlaintext(plaintextLength, SEGMENT)).toEqual(layout);
    expect(layoutOfPayload(payloadLength, SEGMENT)).toEqual(layout);
  });

  it('is the same from either length, for any', () => {
    const segmentSize = fc.integer({ min: 12, max: 24 }).map((log2) => 2 ** log2);
    const length = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 2 ** 44 }));
    fc.assert(
      fc.property(length, segmentSize, (plaintextLength, size) => {
        const layout = layoutOfPlaintext(plaintextLength, size);
        expect(layoutOfPayload(layout.payloadLength, size)).toEqual(layout);
      }),
      { numRuns: cases(10_000) },
    );
  });

  it('of a payload without room for a message id and a tag is truncated', async () => {
    for (let length = 0; length < MESSAGE_ID + TAG; length++) {
      const error = await failure(() => layoutOfPayload(length, SEGMENT), 'truncated');
      expect(error.details).toEqual({ part: 'payload', actual: length, expected: MESSAGE_ID + TAG });
    }
  });

  it('of a last segment without room for a tag is truncated, and of an empty one behind another malformed', async () => {
    const one = MESSAGE_ID + SEGMENT + TAG;
    for (let more = 1; more < TAG; more++) {
      const error = await failure(() => layoutOfPayload(one + more, SEGMENT), 'truncated');
      expect(error.details).toEqual({ part: 'payload', actual: one + more, expected: one + TAG });
    }
    const error = await failure(() => layoutOfPayload(one + TAG, SEGMENT), 'malformed');
    expect(error.details).toEqual({ rule: 'segment-empty-last', offset: one });
    expect(layoutOfPayload(one + TAG + 1, SEGMENT).segmentCount).toBe(2);
  });

  it('has at most 2^32 segments', async () => {
    expect(layoutOfPlaintext(2 ** 32 * SEGMENT, SEGMENT).segmentCount).toBe(2 ** 32);
    const error = await failure(() => layoutOfPlaintext(2 ** 32 * SEGMENT + 1, SEGMENT), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'segments', maximum: 2 ** 32, actual: 2 ** 32 + 1 });
    const payload = MESSAGE_ID + 2 ** 32 * (SEGMENT + TAG);
    expect(layoutOfPayload(payload, SEGMENT).segmentCount).toBe(2 ** 32);
    await failure(() => layoutOfPayload(payload + TAG + 1, SEGMENT), 'limit-exceeded');
  });

  it('has room behind each segment but the last of 2^32', async () => {
    assertRoomBehind(2 ** 32 - 2, 0);
    const error = await failure(() => { assertRoomBehind(2 ** 32 - 1, 0); }, 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'segments', maximum: 2 ** 32, actual: 2 ** 32 + 1 });
    assertRoomBehind(0, 2 ** 52);
    await failure(() => { assertRoomBehind(0, 2 ** 52 + 1); }, 'limit-exceeded');
  });

  it('has at most 2^52 plaintext bytes', async () => {
    const size = 2 ** 24;
    expect(layoutOfPlaintext(2 ** 52, size).plaintextLength).toBe(2 ** 52);
    const error = await failure(() => layoutOfPlaintext(2 ** 52 + 1, size), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'plaintextBytes', maximum: 2 ** 52, actual: 2 ** 52 + 1 });
  });
});

describe('the nonce of a segment', () => {
  it.each([
    [0, false, '000000000000000000000000'],
    [0, true, '000000000000000000000001'],
    [1, false, '000000000000000000000100'],
    [0x01020304, false, '000000000000000102030400'],
    [0xffffffff, true, '00000000000000ffffffff01'],
  ])('%i, last %s, is 0x%s', (index, isLast, expected) => {
    expect(hex(segmentNonce(index, isLast))).toBe(expected);
  });

  it.each([2 ** 32, 2 ** 32 + 5, -1, 0.5, Number.NaN])('%d is none: it would be that of another one', (index) => {
    expect(() => segmentNonce(index, false)).toThrow(RangeError);
  });
});
