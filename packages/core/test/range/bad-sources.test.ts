import { afterEach, describe, expect, it } from 'vitest';
import { blobSource, bytesSource, openEnvelope } from '../../src/index.js';
import type { Keyring, RangeSource } from '../../src/index.js';
import { concat, patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { idle, never, until } from '../support/gate.js';
import { knowsDataKey } from '../support/knows-data-key.js';
import { referenceKeys, referenceMessage, referenceSegment } from '../support/reference.js';
import { watchUnhandledRejections } from '../support/unhandled.js';
import { envelopeOf, keyring, SEGMENT } from './envelope.js';
import { WatchedSource } from './watched-source.js';

const unhandled = watchUnhandledRejections();
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
});

const { envelope, plaintext } = await envelopeOf(4 * SEGMENT);

function watched(): WatchedSource {
  return new WatchedSource(bytesSource(envelope));
}

describe('a source that says a wrong size', () => {
  it.each([1, 15, 16, 17, SEGMENT, envelope.length - 20, envelope.length])('is refused at open: %i bytes too few', async (less) => {
    const source: RangeSource = { ...bytesSource(envelope), size: envelope.length - less };
    const error = await thrownBy(openEnvelope(source, { keyring }));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(truncated|payload-damaged|malformed)$/) as string });
  });

  it.each([
    // Behind a full last segment there is no room for another: that one tells, and the rest is not asked for.
    [1, 'payload-damaged'],
    [16, 'payload-damaged'],
    [17, 'truncated'],
    [SEGMENT, 'truncated'],
    [10 * SEGMENT, 'truncated'],
  ] as const)('is refused at open: %i bytes too many', async (more, code) => {
    const source: RangeSource = { ...bytesSource(envelope), size: envelope.length + more };
    await failure(openEnvelope(source, { keyring }), code);
  });
});

describe('a source that gives another number of bytes', () => {
  it.each([0, 1, SEGMENT])('too few: %i', async (count) => {
    const source = watched();
    const reader = await openEnvelope(source, { keyring, cacheSegments: 0 });
    source.instead = async () => await Promise.resolve(patterned(count));
    const error = await failure(reader.read(0, 1), 'truncated');
    expect(error.message).toContain(`gave ${count} bytes`);
    source.instead = undefined;
    expect(await reader.read(0, 1)).toEqual(plaintext.subarray(0, 1));
  });

  it('too many, as a server that knows no ranges', async () => {
    const source = watched();
    const reader = await openEnvelope(source, { keyring });
    source.instead = async (_read, real) => concat(await real(), patterned(1));
    const error = await failure(reader.read(0, 1), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'source' });
    expect(error.message).toContain('4113 bytes where 4112 were asked for');
    await failure(openEnvelope(source, { keyring }), 'invalid-argument');
  });

  it.each([[undefined], [null], ['text'], [new ArrayBuffer(4112)], [{ length: 4112 }], [[1, 2, 3]]])('none at all: %j', async (answer) => {
    const source = watched();
    const reader = await openEnvelope(source, { keyring });
    source.instead = async () => await Promise.resolve(answer as Uint8Array);
    const error = await failure(reader.read(0, 1), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'source' });
  });
});

describe('a source that fails', () => {
  it.each<unknown>([new Error('connection reset'), undefined, 'text'])('fails what was asked for with its own error: %s', async (thrown) => {
    const source = watched();
    const reader = await openEnvelope(source, { keyring });
    source.instead = async () => await Promise.reject(thrown);
    const reads = await Promise.allSettled([reader.read(0, 1), reader.read(SEGMENT, 1)]);
    expect(reads).toEqual([{ status: 'rejected', reason: thrown }, { status: 'rejected', reason: thrown }]);
    source.instead = undefined;
    expect(await reader.read(0, 1)).toEqual(plaintext.subarray(0, 1));
  });

  it('fails opening with its own error, at each read', async () => {
    for (const failing of [0, 1, 2]) {
      const source = watched();
      source.instead = async (_read, real) => {
        if (source.reads.length === failing + 1) throw new Error(`read ${failing}`);
        return await real();
      };
      expect(await thrownBy(openEnvelope(source, { keyring }))).toEqual(new Error(`read ${failing}`));
    }
  });

  it('also when it throws rather than rejects', async () => {
    const source: RangeSource = { size: 1000, read: () => { throw new Error('at once'); } };
    expect(await thrownBy(openEnvelope(source, { keyring }))).toEqual(new Error('at once'));
  });

  it('aborts what else is under way for the same range', async () => {
    const source = watched();
    const reader = await openEnvelope(source, { keyring, cacheSegments: 2 });
    await reader.read(SEGMENT, 1);
    source.clear();
    // Segment 1 is kept, so 0 and 2 are read apart.
    source.instead = async ({ offset }) => (offset < envelope.length / 2 ? await Promise.reject(new Error('reset')) : await never());
    expect(await thrownBy(reader.read(0, 3 * SEGMENT))).toEqual(new Error('reset'));
    await until(() => source.reads[1]?.signal.aborted === true);
    expect(source.reads.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  });
});

describe('a source that changes while it is open', () => {
  it('by becoming shorter, fails a range behind its end and no other', async () => {
    let bytes = envelope;
    const source: RangeSource = { size: envelope.length, read: async (offset, length, signal) => await bytesSource(bytes).read(offset, length, signal) };
    const reader = await openEnvelope(source, { keyring, cacheSegments: 0 });
    bytes = envelope.slice(0, envelope.length - 10);
    await failure(reader.read(3 * SEGMENT, 1), 'truncated');
    expect(await reader.read(0, 3 * SEGMENT)).toEqual(plaintext.subarray(0, 3 * SEGMENT));
  });

  it('by saying another size, is read as it was opened', async () => {
    let size = envelope.length;
    const source: RangeSource = { get size() { return size; }, read: async (offset, length, signal) => await bytesSource(envelope).read(offset, length, signal) };
    const reader = await openEnvelope(source, { keyring });
    size = 5;
    expect(reader.length).toBe(plaintext.length);
    expect(await reader.read(0)).toEqual(plaintext);
  });
});

describe('an argument that is wrong is refused at the call', () => {
  const read = async (): Promise<Uint8Array> => await Promise.resolve(envelope);

  it.each([
    [undefined], [null], ['file.keyfold'], [envelope], [new Blob([envelope])], [{}], [{ size: 5 }], [{ read }],
    [{ size: -1, read }], [{ size: 1.5, read }], [{ size: NaN, read }], [{ size: '5', read }], [{ size: 2 ** 53, read }], [{ size: 5n, read }],
  ])('source %#', async (source) => {
    const error = await failure(openEnvelope(source as never, { keyring }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'source' });
  });

  it.each([[-1], [1.5], [1025], [NaN], [Infinity], ['2']])('cacheSegments: %j', async (cacheSegments) => {
    const source = watched();
    const refused = openEnvelope(source, { keyring, cacheSegments: cacheSegments as never });
    expect((await failure(refused, 'invalid-argument')).details).toEqual({ argument: 'options.cacheSegments' });
    expect(source.reads).toEqual([]);
  });

  it.each([['text'], [null], [new ArrayBuffer(8)], [[1]]])('header: %j', async (header) => {
    const error = await failure(openEnvelope(watched(), { keyring, header: header as never }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.header' });
  });

  it('options', async () => {
    await failure(openEnvelope(watched(), undefined as never), 'invalid-argument');
    await failure(openEnvelope(watched(), {} as never), 'invalid-argument');
  });

  it('something that is no Blob, and no bytes', async () => {
    expect((await failure(() => blobSource('text' as never), 'invalid-argument')).details).toEqual({ argument: 'blob' });
    expect((await failure(() => bytesSource('text' as never), 'invalid-argument')).details).toEqual({ argument: 'bytes' });
  });

  const length = plaintext.length;
  it.each([
    [-1, 0, 'offset'], [1.5, 1, 'offset'], [NaN, 1, 'offset'], [length + 1, 0, 'offset'], ['0', 1, 'offset'], [undefined, 1, 'offset'],
    [2 ** 53, 0, 'offset'], [0, -1, 'length'], [0, 1.5, 'length'], [0, NaN, 'length'], [0, length + 1, 'length'],
    [length, 1, 'length'], [1, length, 'length'], [0, '1', 'length'], [0, null, 'length'], [0, Infinity, 'length'],
  ])('read(%j, %j)', async (offset, count, argument) => {
    const reader = await openEnvelope(watched(), { keyring });
    const error = await failure(reader.read(offset as never, count as never), 'invalid-argument');
    expect(error.details).toEqual({ argument });
    expect(error.message).toContain(String(length));
    if (offset === undefined) return;
    const streamed = await failure(() => reader.stream({ offset: offset as never, length: count as never }), 'invalid-argument');
    expect(streamed.details).toEqual({ argument });
  });

  it('a range that fits into no memory', async () => {
    // What the header and the last segment say of a plaintext of 4 PiB, without the plaintext.
    const { bytes, keyring: opener } = await hugeEnvelope();
    const reader = await openEnvelope(bytes, { keyring: opener });
    expect(reader.length).toBe(2 ** 52);
    const error = await failure(reader.read(0), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'length' });
    expect(error.message).toContain('stream');
  });
});

/** A source of the longest payload there can be, of which only the two ends exist. */
async function hugeEnvelope(): Promise<{ readonly bytes: RangeSource; readonly keyring: Keyring }> {
  const dataKey = patterned(32, 5);
  const segmentLog2 = 20;
  const count = 2 ** 32;
  const { header } = await referenceMessage(dataKey, { segmentLog2 });
  const { payloadKey } = await referenceKeys(dataKey, header);
  const last = await referenceSegment(payloadKey, count - 1, true, patterned(2 ** segmentLog2));
  const size = header.length + 16 + count * (2 ** segmentLog2 + 16);
  const beginning = concat(header, header.subarray(16, 32));
  const read = async (offset: number, length: number): Promise<Uint8Array> =>
    await Promise.resolve(offset < beginning.length ? beginning.subarray(offset, offset + length) : last.subarray(0, length));
  return { bytes: { size, read }, keyring: knowsDataKey(dataKey) };
}
