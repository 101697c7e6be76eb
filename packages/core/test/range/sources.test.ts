import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { blobSource, bytesSource, openEnvelope } from '../../src/index.js';
import type { EnvelopeReader, RangeSource } from '../../src/index.js';
import { openFileSource } from '../../src/node.js';
import { concat, patterned } from '../support/bytes.js';
import { cases } from '../support/cases.js';
import { collect } from '../support/streams.js';
import { envelopeOf, keyring, SEGMENT } from './envelope.js';
import { httpSource, serveRanges } from './serve-ranges.js';

const folder = mkdtempSync(join(tmpdir(), 'keyfold-ranges-'));
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});

let files = 0;
async function fileSource(bytes: Uint8Array, address: (path: string) => string | URL): Promise<RangeSource> {
  const path = join(folder, `${files++}.keyfold`);
  writeFileSync(path, bytes);
  const source = await openFileSource(address(path));
  closing.push(async () => {
    await source.close();
  });
  return source;
}

/** Every kind of source over the same bytes. */
const SOURCES: readonly (readonly [string, (bytes: Uint8Array<ArrayBuffer>) => Promise<RangeSource>])[] = [
  ['a file', async (bytes) => await fileSource(bytes, (path) => path)],
  ['a file by its URL', async (bytes) => await fileSource(bytes, pathToFileURL)],
  ['a Blob', async (bytes) => await Promise.resolve(blobSource(new Blob([bytes.subarray(0, 700), bytes.subarray(700)])))],
  ['bytes', async (bytes) => await Promise.resolve(bytesSource(bytes))],
  ['bytes within a larger buffer', async (bytes) => {
    const larger = concat(patterned(13, 9), bytes, patterned(7, 9));
    return await Promise.resolve(bytesSource(larger.subarray(13, 13 + bytes.length)));
  }],
  ['a Buffer', async (bytes) => await Promise.resolve(bytesSource(Buffer.from(bytes)))],
  ['an HTTP server with ranges', async (bytes) => await httpSource(await serveRanges(bytes))],
];

/** The bytes around every boundary between segments, and the ends. */
function boundaries(length: number): number[] {
  const all = [0, 1, 15, 16, 17, length - 1, length];
  for (let at = SEGMENT; at <= length + 1; at += SEGMENT) all.push(at - 1, at, at + 1);
  return [...new Set(all)].filter((at) => at >= 0 && at <= length).sort((a, b) => a - b);
}

async function expectSlice(reader: EnvelopeReader, plaintext: Uint8Array, offset: number, end: number): Promise<void> {
  const range = await reader.read(offset, end - offset);
  expect(Buffer.compare(range, plaintext.subarray(offset, end)), `${offset} to ${end}`).toBe(0);
}

describe.each(SOURCES)('%s', (_name, sourceOf) => {
  it.each([0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5])(
    'gives every range between boundaries of %i bytes',
    async (length) => {
      const { envelope, plaintext } = await envelopeOf(length);
      const reader = await openEnvelope(await sourceOf(envelope), { keyring });
      expect(reader.length).toBe(length);
      const ends = boundaries(length);
      for (const offset of ends) {
        for (const end of ends) if (end >= offset) await expectSlice(reader, plaintext, offset, end);
        expect(await reader.read(offset)).toEqual(plaintext.subarray(offset));
        expect(await collect(reader.stream({ offset }))).toEqual(plaintext.subarray(offset));
      }
      reader.close();
    },
  );

  it('gives ranges of a payload whose header lies apart', async () => {
    const { header, payload, plaintext } = await envelopeOf(2 * SEGMENT + 9);
    const reader = await openEnvelope(await sourceOf(payload), { keyring, header });
    expect(await reader.read(SEGMENT - 2, 5)).toEqual(plaintext.subarray(SEGMENT - 2, SEGMENT + 3));
    expect(await collect(reader.stream())).toEqual(plaintext);
    reader.close();
  });
});

describe('any range', () => {
  it('is the slice of the plaintext, whatever is kept of segments', async () => {
    const { envelope, plaintext } = await envelopeOf(9 * SEGMENT + 777);
    const position = fc.integer({ min: 0, max: plaintext.length });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 2, 5, 1024),
        fc.array(fc.tuple(position, position), { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (cacheSegments, pairs, atOnce) => {
          const reader = await openEnvelope(bytesSource(envelope), { keyring, cacheSegments });
          const reads = pairs.map(([a, b]) => async () => {
            await expectSlice(reader, plaintext, Math.min(a, b), Math.max(a, b));
          });
          if (atOnce) await Promise.all(reads.map(async (read) => { await read(); }));
          else for (const read of reads) await read();
          reader.close();
        },
      ),
      { numRuns: cases(3000) },
    );
  });

  it('of a plaintext of many windows is whole', async () => {
    const { envelope, plaintext } = await envelopeOf(5 * 1024 * 1024 + 3);
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    for (const [offset, end] of [[0, plaintext.length], [1_048_575, 3_145_729], [4_000_000, plaintext.length]] as const) {
      await expectSlice(reader, plaintext, offset, end);
      expect(Buffer.compare(await collect(reader.stream({ offset, length: end - offset })), plaintext.subarray(offset, end))).toBe(0);
    }
    reader.close();
  });

  it('is the caller’s own: changing it changes no other', async () => {
    const { envelope, plaintext } = await envelopeOf(100);
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    (await reader.read(0, 100)).fill(0);
    expect(await reader.read(0, 100)).toEqual(plaintext);
    const range = await reader.read(10, 20);
    expect(range).not.toBeInstanceOf(Buffer);
    expect(range.byteLength).toBe(range.buffer.byteLength);
    reader.close();
  });
});
