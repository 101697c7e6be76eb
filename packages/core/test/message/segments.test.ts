import { describe, expect, it } from 'vitest';
import { encryptDetached } from '../../src/index.js';
import { concat, cut, flipped, patterned } from '../support/bytes.js';
import { asFailure } from '../support/failure.js';
import { knowsDataKey } from '../support/knows-data-key.js';
import { BYTE_BY_BYTE, OPENINGS } from '../support/opening.js';
import type { Opened } from '../support/opening.js';
import { referenceMessage } from '../support/reference.js';
import type { ReferenceSegment } from '../support/reference.js';
import { TestKeyring } from '../support/test-keyring.js';

const [SEGMENT, TAG, MESSAGE_ID] = [4096, 16, 16];
const SEALED = SEGMENT + TAG;

const keyring = new TestKeyring();
/** Four segments, the last one short. */
const plaintext = patterned(3 * SEGMENT + 100);
const { header, payload } = await encryptDetached(plaintext, { keyring, segmentSize: SEGMENT });
const [s0, s1, s2, s3] = cut(payload.subarray(MESSAGE_ID), SEALED) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const messageId = payload.subarray(0, MESSAGE_ID);
/** The same with four whole segments. */
const even = await encryptDetached(plaintext.subarray(0, 2 * SEGMENT), { keyring, segmentSize: SEGMENT });
const [e0, e1] = cut(even.payload.subarray(MESSAGE_ID), SEALED) as [Uint8Array, Uint8Array];

const OPENINGS_AND_BYTES = [...OPENINGS, ['byte by byte', BYTE_BY_BYTE] as const];

type Kind = 'damaged' | 'cut-off' | 'extended';

/** Nothing at all comes out whole; out of a stream comes what lies before the failing segment. */
function expectDamaged(opened: Opened, how: string, segment: number, kind: Kind): void {
  const error = asFailure(opened.error, 'payload-damaged');
  expect(error.details).toEqual({ segment, offset: MESSAGE_ID + segment * SEALED, kind });
  expect(opened.bytes).toEqual(plaintext.subarray(0, how === 'whole' ? 0 : segment * SEGMENT));
}

describe.each(OPENINGS_AND_BYTES)('a payload opened %s', (how, open) => {
  it.each<[string, readonly Uint8Array[], number, Kind]>([
    ['the first two swapped', [s1, s0, s2, s3], 0, 'damaged'],
    ['two inner ones swapped', [s0, s2, s1, s3], 1, 'damaged'],
    ['the last ones swapped', [s0, s1, s3, s2], 2, 'damaged'],
    ['the first one twice', [s0, s0, s1, s2, s3], 1, 'damaged'],
    ['an inner one twice', [s0, s1, s1, s2, s3], 2, 'damaged'],
    ['the last one twice', [s0, s1, s2, s3, s3], 3, 'damaged'],
    ['the first one missing', [s1, s2, s3], 0, 'damaged'],
    ['an inner one missing', [s0, s2, s3], 1, 'damaged'],
    ['the last one missing', [s0, s1, s2], 2, 'cut-off'],
    ['the last two missing', [s0, s1], 1, 'cut-off'],
    ['all but the first missing', [s0], 0, 'cut-off'],
    ['a bit of the first one flipped', [flipped(s0, 0), s1, s2, s3], 0, 'damaged'],
    ['a bit of an inner one’s tag flipped', [s0, s1, flipped(s2, SEALED - 1), s3], 2, 'damaged'],
    ['a bit of the last one flipped', [s0, s1, s2, flipped(s3, 50)], 3, 'damaged'],
    ['a byte behind the last one', [s0, s1, s2, s3, Uint8Array.of(0)], 3, 'damaged'],
    ['the last byte missing', [s0, s1, s2, s3.subarray(0, -1)], 3, 'damaged'],
    ['a segment of another message', [s0, e1, s2, s3], 1, 'damaged'],
  ])('has %s', async (_what, segments, segment, kind) => {
    expectDamaged(await open(concat(header, messageId, ...segments), { keyring }), how, segment, kind);
  });

  it.each<[string, readonly Uint8Array[], number, Kind]>([
    ['a byte behind a last one that is full', [e0, e1, patterned(1)], 1, 'extended'],
    ['fewer bytes than a tag behind a last one that is full', [e0, e1, patterned(TAG - 1)], 1, 'extended'],
    ['as many bytes as a tag behind a last one that is full', [e0, e1, patterned(TAG)], 1, 'extended'],
    ['a byte behind a damaged last one', [e0, flipped(e1, 9), patterned(1)], 1, 'damaged'],
    ['bytes behind a last one that is full', [e0, e1, patterned(TAG + 1)], 1, 'extended'],
    ['a whole segment behind a last one that is full', [e0, e1, e0], 1, 'extended'],
    ['its last one twice, full', [e0, e1, e1], 1, 'extended'],
    ['its last one first', [e1, e0], 0, 'damaged'],
    ['a full last one missing', [e0], 0, 'cut-off'],
  ])('has %s', async (_what, segments, segment, kind) => {
    const envelope = concat(even.header, even.payload.subarray(0, MESSAGE_ID), ...segments);
    expectDamaged(await open(envelope, { keyring }), how, segment, kind);
  });

  it('is no other payload than the header’s', async () => {
    const { bytes, error } = await open(concat(header, even.payload), { keyring });
    const hexOf = (id: Uint8Array): string => Buffer.from(id).toString('hex');
    expect(asFailure(error, 'payload-mismatch').details).toEqual({
      headerMessageId: hexOf(messageId),
      payloadMessageId: hexOf(even.payload.subarray(0, MESSAGE_ID)),
    });
    expect(bytes).toHaveLength(0);
  });

  it('does not become the header’s when it is given its message id', async () => {
    const forged = concat(header, messageId, even.payload.subarray(MESSAGE_ID));
    expectDamaged(await open(forged, { keyring }), how, 0, 'damaged');
  });

  it('is truncated where there is no room for a tag', async () => {
    for (const rest of [0, 1, MESSAGE_ID - 1]) {
      const { error } = await open(concat(header, payload.subarray(0, rest)), { keyring });
      expect(asFailure(error, 'truncated').details).toEqual({ part: 'payload', actual: rest, expected: MESSAGE_ID });
    }
    for (const rest of [0, 1, TAG - 1]) {
      const { bytes, error } = await open(concat(header, messageId, s0.subarray(0, rest)), { keyring });
      const details = { part: 'payload', actual: MESSAGE_ID + rest, expected: MESSAGE_ID + TAG };
      expect(asFailure(error, 'truncated').details).toEqual(details);
      expect(bytes).toHaveLength(0);
    }
    for (const rest of [1, TAG - 1]) {
      const { bytes, error } = await open(concat(header, messageId, s0, s1.subarray(0, rest)), { keyring });
      const [actual, expected] = [MESSAGE_ID + SEALED + rest, MESSAGE_ID + SEALED + TAG];
      expect(asFailure(error, 'truncated').details).toEqual({ part: 'payload', actual, expected });
      expect(bytes).toEqual(how === 'whole' ? new Uint8Array(0) : plaintext.subarray(0, SEGMENT));
    }
  });
});

describe.each(OPENINGS_AND_BYTES)('a payload that its own writer made wrongly, opened %s', (how, open) => {
  const dataKey = patterned(32, 3);
  const full = plaintext.subarray(0, SEGMENT);
  const made = async (...segments: ReferenceSegment[]): Promise<Opened> => {
    const message = await referenceMessage(dataKey, { segments });
    return await open(concat(message.header, message.payload), { keyring: knowsDataKey(dataKey) });
  };

  it('is refused when an empty segment is the last of several', async () => {
    const { error } = await made({ plaintext: full }, { plaintext: new Uint8Array(0) });
    expect(asFailure(error, 'malformed').details).toEqual({ rule: 'segment-empty-last', offset: MESSAGE_ID + SEALED });
  });

  it('is refused when no segment says that it is the last', async () => {
    expectDamaged(await made({ plaintext: full }, { plaintext: full, last: false }), how, 1, 'cut-off');
  });

  it('is refused when an inner segment says that it is the last', async () => {
    expectDamaged(await made({ plaintext: full, last: true }, { plaintext: full }), how, 0, 'extended');
  });

  it('is refused when its numbers begin at 1', async () => {
    expectDamaged(await made({ plaintext: full, index: 1 }, { plaintext: full, index: 2 }), how, 0, 'damaged');
  });

  it('is refused when an inner segment is short', async () => {
    const { error } = await made({ plaintext: full.subarray(1) }, { plaintext: full });
    expect(asFailure(error, 'payload-damaged').details).toMatchObject({ segment: 0, kind: 'damaged' });
  });

  it('is refused when its only segment is longer than a full one', async () => {
    expectDamaged(await made({ plaintext: plaintext.subarray(0, SEGMENT + 20) }), how, 0, 'damaged');
  });

  it('opens when it is made as the format says', async () => {
    const { bytes, error } = await made({ plaintext: full }, { plaintext: plaintext.subarray(SEGMENT, SEGMENT + 1) });
    expect(error).toBeUndefined();
    expect(bytes).toEqual(plaintext.subarray(0, SEGMENT + 1));
  });
});
