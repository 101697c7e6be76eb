import { beforeEach, describe, expect, it } from 'vitest';
import { bytesSource, openEnvelope } from '../../src/index.js';
import type { EnvelopeReader } from '../../src/index.js';
import { envelopeOf, keyring, SEALED, SEGMENT } from './envelope.js';
import { WatchedSource } from './watched-source.js';

const length = 8 * SEGMENT + 100;
const LAST = 8;
const { envelope, header, payload, plaintext, at } = await envelopeOf(length);
const lastSealed = 100 + 16;

let source: WatchedSource;
beforeEach(() => {
  source = new WatchedSource(bytesSource(envelope));
});

/** Opens, and forgets what that read. */
async function opened(cacheSegments?: number): Promise<EnvelopeReader> {
  const reader = await openEnvelope(source, { keyring, ...(cacheSegments === undefined ? {} : { cacheSegments }) });
  source.clear();
  return reader;
}

describe('opening reads', () => {
  it('the header, the message id and the last segment, and nothing else', async () => {
    await openEnvelope(source, { keyring });
    expect(source.ranges).toEqual([[0, 12], [12, header.length - 12 + 16], [at(LAST), lastSealed]]);
  });

  it('the message id and the last segment of a payload whose header lies apart', async () => {
    source = new WatchedSource(bytesSource(payload));
    await openEnvelope(source, { keyring, header });
    expect(source.ranges).toEqual([[0, 16], [16 + LAST * SEALED, lastSealed]]);
  });
});

describe('a range reads the segments that it touches, in one call', () => {
  it.each([
    ['one byte', 0, 1, 0, 1],
    ['one whole segment', SEGMENT, SEGMENT, 1, 1],
    ['two bytes across a boundary', SEGMENT - 1, 2, 0, 2],
    ['two segments and a byte on either side', SEGMENT - 1, 2 * SEGMENT + 2, 0, 4],
    ['the byte before the last segment', LAST * SEGMENT - 1, 1, LAST - 1, 1],
  ])('%s', async (_what, offset, count, first, segments) => {
    const reader = await opened();
    await reader.read(offset, count);
    expect(source.ranges).toEqual([[at(first), segments * SEALED]]);
  });

  it('but nothing for a range of no bytes', async () => {
    const reader = await opened(0);
    expect(await reader.read(5, 0)).toHaveLength(0);
    expect(await reader.read(length, 0)).toHaveLength(0);
    expect(await reader.read(length)).toHaveLength(0);
    expect(source.ranges).toEqual([]);
  });

  it('and so at most two segments besides the range itself', async () => {
    const reader = await opened(0);
    for (let offset = 0; offset < length; offset += 997) {
      for (let count = 1; offset + count <= length; count += 4093) {
        source.clear();
        await reader.read(offset, count);
        const touched = Math.floor((offset + count - 1) / SEGMENT) - Math.floor(offset / SEGMENT) + 1;
        expect(source.bytesRead).toBeLessThanOrEqual(touched * SEALED);
        expect(source.bytesRead - touched * 16).toBeLessThan(count + 2 * SEGMENT);
        expect(source.reads).toHaveLength(1);
      }
    }
  });

  it('at most 4 MiB in one call, and a long range a piece at a time', async () => {
    const long = await envelopeOf(9 * 1024 * 1024);
    const watched = new WatchedSource(bytesSource(long.envelope));
    const reader = await openEnvelope(watched, { keyring, cacheSegments: 0 });
    watched.clear();
    await Promise.all(Array.from({ length: 9 }, async (_, i) => await reader.read(i * 1024 * 1024, 1024 * 1024)));
    expect(watched.bytesRead).toBe(long.payload.length - 16);
    expect(Math.max(...watched.reads.map((read) => read.length))).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(watched.reads.length).toBeLessThanOrEqual(3);
    watched.clear();
    await reader.read(0);
    expect(watched.bytesRead).toBe(long.payload.length - 16);
  });
});

describe('ranges that are asked for at once', () => {
  it('share the segments that they have in common', async () => {
    const reader = await opened(0);
    const ranges = await Promise.all([reader.read(10, 20), reader.read(100, 20), reader.read(4000, 50)]);
    expect(ranges).toEqual([plaintext.subarray(10, 30), plaintext.subarray(100, 120), plaintext.subarray(4000, 4050)]);
    expect(source.ranges).toEqual([[at(0), SEALED]]);
  });

  it('are read in one call where they are neighbours, in whatever order they come', async () => {
    const reader = await opened(0);
    await Promise.all([5, 3, 4].map(async (segment) => await reader.read(segment * SEGMENT + 1, 10)));
    expect(source.ranges).toEqual([[at(3), 3 * SEALED]]);
  });

  it('are read in several calls where they are not', async () => {
    const reader = await opened(0);
    await Promise.all([0, 1, 4, 6, 7].map(async (segment) => await reader.read(segment * SEGMENT, 10)));
    expect(source.ranges).toEqual([[at(0), 2 * SEALED], [at(4), SEALED], [at(6), 2 * SEALED]]);
  });

  it('join a call that is under way', async () => {
    const reader = await opened(0);
    let go!: () => void;
    source.instead = async (_read, real) => {
      await new Promise<void>((resolve) => (go = resolve));
      return await real();
    };
    const first = reader.read(0, 2 * SEGMENT);
    await Promise.resolve();
    const second = reader.read(SEGMENT, 5);
    go();
    expect(await second).toEqual(plaintext.subarray(SEGMENT, SEGMENT + 5));
    await first;
    expect(source.ranges).toEqual([[at(0), 2 * SEALED]]);
  });
});

describe('segments that are kept', () => {
  it.each([0, 1, 2, 3, 9, 1024])('of %i, those that were used last are not read again', async (cacheSegments) => {
    const reader = await opened(cacheSegments);
    for (const segment of [0, 1, 2]) await reader.read(segment * SEGMENT, 1);
    source.clear();
    for (const segment of [2, 1, 0]) await reader.read(segment * SEGMENT, 1);
    const read = [2, 1, 0].slice(Math.min(cacheSegments, 3));
    expect(source.ranges).toEqual(read.map((segment) => [at(segment), SEALED]));
  });

  it('are used for a part of a range: only the rest of it is read', async () => {
    const reader = await opened(1);
    await reader.read(3 * SEGMENT, 1);
    source.clear();
    expect(await reader.read(2 * SEGMENT, 3 * SEGMENT)).toEqual(plaintext.subarray(2 * SEGMENT, 5 * SEGMENT));
    expect(source.ranges).toEqual([[at(2), SEALED], [at(4), SEALED]]);
  });

  it('by default are two: the last one, which opening has read, and another', async () => {
    const reader = await opened();
    await reader.read(0, 1);
    await reader.read(LAST * SEGMENT, 1);
    await reader.read(1, 1);
    expect(source.ranges).toEqual([[at(0), SEALED]]);
  });

  it('include no segment that is damaged', async () => {
    const reader = await opened(9);
    source.instead = async (_read, real) => new Uint8Array(await real()).fill(0);
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: 'payload-damaged' });
    source.instead = undefined;
    expect(await reader.read(0, 1)).toEqual(plaintext.subarray(0, 1));
  });
});
