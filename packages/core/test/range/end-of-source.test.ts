import { describe, expect, it } from 'vitest';
import { bytesSource, isKeyfoldError, openEnvelope } from '../../src/index.js';
import { concat, flipped, patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { IN_CI } from '../support/cases.js';
import { referenceMessage, referenceSegment, referenceKeys } from '../support/reference.js';
import { knowsDataKey } from '../support/knows-data-key.js';
import { envelopeOf, keyring, SEALED, SEGMENT } from './envelope.js';
import { WatchedSource } from './watched-source.js';

/** Opens bytes that are not what was written: no reader may come out. Returns the error's code. */
async function refusal(bytes: Uint8Array, header?: Uint8Array): Promise<string> {
  const source = bytesSource(bytes);
  const error = await thrownBy(openEnvelope(source, { keyring, ...(header === undefined ? {} : { header }) }));
  if (!isKeyfoldError(error)) throw error;
  return error.code;
}

/** Every offset within 40 bytes of a boundary between segments, and some in between; all of them in CI. */
function around(boundary: (segment: number) => number, segments: number, end: number): number[] {
  const near = new Set<number>();
  for (let i = 0; i <= segments; i++) for (let d = -40; d <= 40; d++) near.add(boundary(i) + d);
  const all = Array.from({ length: end }, (_, at) => at);
  return all.filter((at) => IN_CI || near.has(at) || at % 257 === 0);
}

describe.each([1, SEGMENT, 3 * SEGMENT, 3 * SEGMENT + 50])('an envelope of %i bytes', (length) => {
  it('is refused at open when its source was cut off, at any length', async () => {
    const { envelope, count, at } = await envelopeOf(length);
    for (const end of around(at, count, envelope.length)) {
      const code = await refusal(envelope.subarray(0, end));
      expect(['truncated', 'payload-damaged', 'malformed'], `cut off after ${end}`).toContain(code);
    }
  });

  it('is refused at open when anything follows it', async () => {
    const { envelope } = await envelopeOf(length);
    const other = await envelopeOf(2 * SEGMENT, 2);
    const ends = [1, 15, 16, 17, 31, 32, 33, SEGMENT - 1, SEGMENT, SEALED - 1, SEALED, SEALED + 1, SEALED + 17, 2 * SEALED];
    for (const more of ends) {
      for (const bytes of [patterned(more, 3), new Uint8Array(more), other.payload.subarray(16, 16 + more)]) {
        const code = await refusal(concat(envelope, bytes));
        expect(['payload-damaged', 'truncated', 'malformed'], `${more} bytes more`).toContain(code);
      }
    }
  });

  it('is refused at open when its last segment is another’s, or from elsewhere in it', async () => {
    const { envelope, at, count } = await envelopeOf(length);
    const other = await envelopeOf(length, 2);
    const last = at(count - 1);
    expect(await refusal(concat(envelope.subarray(0, last), other.envelope.subarray(last)))).toBe('payload-damaged');
    if (count < 2) return;
    // The first one at the end, the last one twice, one dropped from the middle.
    const segment = (i: number): Uint8Array => envelope.subarray(at(i), at(i + 1));
    expect(await refusal(concat(envelope.subarray(0, last), segment(0)))).toBe('payload-damaged');
    expect(await refusal(concat(envelope, segment(count - 1)))).not.toBe('');
    expect(await refusal(concat(envelope.subarray(0, at(1)), envelope.subarray(at(2))))).toBe('payload-damaged');
  });

  it('says how far it is from its end where that can be told', async () => {
    const { envelope, at, count } = await envelopeOf(length);
    const extended = failure(openEnvelope(bytesSource(concat(envelope, patterned(SEALED))), { keyring }), 'payload-damaged');
    expect((await extended).details).toMatchObject({ kind: 'damaged' });
    if (length % SEGMENT === 0) {
      for (const more of [1, 15, 16]) {
        const source = new WatchedSource(bytesSource(concat(envelope, patterned(more))));
        const error = await failure(openEnvelope(source, { keyring }), 'payload-damaged');
        expect(error.details).toMatchObject({ kind: 'extended', segment: count - 1 });
        expect(source.ranges.at(-1)).toEqual([at(count - 1), SEALED]);
      }
    }
    if (count < 2) return;
    const cut = failure(openEnvelope(bytesSource(envelope.subarray(0, at(count - 1))), { keyring }), 'payload-damaged');
    expect((await cut).details).toMatchObject({ kind: 'cut-off', segment: count - 2 });
  });
});

describe('before the length is told or a byte is read', () => {
  it('the last segment is authenticated, and the rest is not looked at', async () => {
    const { envelope, at, count } = await envelopeOf(5 * SEGMENT);
    const source = new WatchedSource(bytesSource(flipped(envelope, at(count - 1) + 3)));
    await failure(openEnvelope(source, { keyring }), 'payload-damaged');
    expect(source.ranges.at(-1)).toEqual([at(count - 1), SEALED]);
  });

  it('a last segment without a final flag is refused, though its tag verifies', async () => {
    const dataKey = patterned(32, 4);
    const segments = [{ plaintext: patterned(SEGMENT), last: false }];
    const { header, payload } = await referenceMessage(dataKey, { segments });
    const error = await failure(openEnvelope(bytesSource(concat(header, payload)), { keyring: knowsDataKey(dataKey) }), 'payload-damaged');
    expect(error.details).toMatchObject({ kind: 'cut-off', segment: 0 });
  });

  it('a source of two messages that share a data key is refused where they meet', async () => {
    const dataKey = patterned(32, 4);
    const plaintext = patterned(SEGMENT);
    const one = await referenceMessage(dataKey, { segments: [{ plaintext }, { plaintext }] });
    const other = await referenceMessage(dataKey, { messageId: patterned(16, 7), segments: [{ plaintext }, { plaintext }] });
    const spliced = concat(one.header, one.payload.subarray(0, 16 + SEALED), other.payload.subarray(16 + SEALED));
    const refused = openEnvelope(bytesSource(spliced), { keyring: knowsDataKey(dataKey) });
    expect((await failure(refused, 'payload-damaged')).details).toMatchObject({ segment: 1 });
  });

  it('segments that were written again in another place are refused where they are read', async () => {
    const dataKey = patterned(32, 4);
    const { header, payload } = await referenceMessage(dataKey, { segments: [1, 2, 3].map((seed) => ({ plaintext: patterned(SEGMENT, seed) })) });
    const { payloadKey } = await referenceKeys(dataKey, header);
    const moved = await referenceSegment(payloadKey, 1, false, patterned(SEGMENT, 1));
    const spliced = concat(header, payload.subarray(0, 16), moved, payload.subarray(16 + SEALED));
    const reader = await openEnvelope(bytesSource(spliced), { keyring: knowsDataKey(dataKey) });
    await failure(reader.read(0, 1), 'payload-damaged');
    expect(await reader.read(SEGMENT)).toEqual(concat(patterned(SEGMENT, 2), patterned(SEGMENT, 3)));
  });
});

describe('a header and a payload that live apart', () => {
  it('are refused when they are not of the same message', async () => {
    const [one, other] = [await envelopeOf(100), await envelopeOf(100, 2)];
    expect(await refusal(other.payload, one.header)).toBe('payload-mismatch');
    expect(await refusal(concat(one.header, other.payload))).toBe('payload-mismatch');
  });

  it('are refused when the source is the whole envelope', async () => {
    const { header, envelope } = await envelopeOf(100);
    expect(await refusal(envelope, header)).toBe('payload-mismatch');
  });

  it('are refused when the payload is cut off or extended, at any length', async () => {
    const { header, payload, count } = await envelopeOf(2 * SEGMENT + 50);
    for (const end of around((i) => 16 + i * SEALED, count, payload.length)) {
      expect(['truncated', 'payload-damaged', 'malformed']).toContain(await refusal(payload.subarray(0, end), header));
    }
    expect(await refusal(concat(payload, patterned(1)), header)).toBe('payload-damaged');
  });

  it('are refused when bytes follow the header', async () => {
    const { header, payload } = await envelopeOf(100);
    expect(await refusal(payload, concat(header, patterned(1)))).toBe('malformed');
  });

  it('do not let the caller change the header while it is being opened', async () => {
    const { header, payload, plaintext } = await envelopeOf(100);
    const given = new Uint8Array(header);
    const opening = openEnvelope(bytesSource(payload), { keyring, header: given });
    given.fill(0);
    expect(await (await opening).read(0)).toEqual(plaintext);
  });
});
