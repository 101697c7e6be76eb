import { describe, expect, it } from 'vitest';
import { decryptStream, encrypt, encryptStream } from '../../src/index.js';
import { cut, patterned } from '../support/bytes.js';
import { allowTime, IN_CI } from '../support/cases.js';
import { idle } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';

allowTime();

const SEGMENT = 4096;
const MIB = 1 << 20;
/** What may be under way beyond what was read: a few segments and the largest piece, as the documentation says. */
const ALLOWANCE = 10 * SEGMENT;

/** A source that never ends, and counts what is taken from it. */
function counting(chunk: (index: number) => Uint8Array | undefined): { stream: ReadableStream<Uint8Array<ArrayBuffer>>; taken: () => number } {
  let taken = 0;
  let index = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const next = chunk(index++);
        if (next === undefined) {
          controller.close();
          return;
        }
        taken += next.length;
        controller.enqueue(next as Uint8Array<ArrayBuffer>);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, taken: () => taken };
}

async function readAtLeast(reader: ReadableStreamDefaultReader<Uint8Array>, length: number): Promise<number> {
  let read = 0;
  while (read < length) {
    const { value, done } = await reader.read();
    if (done) break;
    read += value.length;
  }
  await idle();
  return read;
}

describe.each([1000, SEGMENT, 2 * SEGMENT + 1])('a slow reader, and a source of %i bytes at a time', (size) => {
  it('slows the source of what is encrypted', async () => {
    const piece = patterned(size);
    const source = counting(() => piece);
    const reader = source.stream.pipeThrough(encryptStream({ keyring: new TestKeyring(), segmentSize: SEGMENT })).getReader();
    await idle();
    expect(source.taken()).toBeLessThanOrEqual(ALLOWANCE + 2 * size);
    let read = 0;
    for (const more of [100, 3 * SEGMENT, 20 * SEGMENT]) {
      read += await readAtLeast(reader, more);
      expect(source.taken()).toBeLessThanOrEqual(read + ALLOWANCE + 2 * size);
    }
    await reader.cancel();
  });

  it('slows the source of what is decrypted', async () => {
    const keyring = new TestKeyring();
    const pieces = cut(await encrypt(patterned(100 * SEGMENT), { keyring, segmentSize: SEGMENT }), size);
    const source = counting((index) => pieces[index]);
    const reader = source.stream.pipeThrough(decryptStream({ keyring })).getReader();
    await idle();
    expect(source.taken()).toBeLessThanOrEqual(ALLOWANCE + 2 * size);
    let read = 0;
    for (const more of [100, 3 * SEGMENT, 20 * SEGMENT]) {
      read += await readAtLeast(reader, more);
      expect(source.taken()).toBeLessThanOrEqual(read + ALLOWANCE + 2 * size);
    }
    await reader.cancel();
  });
});

describe('a large piece', () => {
  it('is not turned into output all at once: what waits is bounded', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), segmentSize: SEGMENT });
    const writer = stream.writable.getWriter();
    let written = false;
    const writing = writer.write(patterned(100 * SEGMENT)).then(() => {
      written = true;
    });
    const reader = stream.readable.getReader();
    await readAtLeast(reader, 10 * SEGMENT);
    expect(written).toBe(false);
    const rest = readAtLeast(reader, Number.MAX_SAFE_INTEGER);
    await writing;
    await writer.close();
    expect(await rest).toBeGreaterThan(85 * SEGMENT);
  });
});

describe('a plaintext of unknown length', () => {
  it('takes constant memory', async () => {
    const total = IN_CI ? 512 * MIB : 96 * MIB;
    const keyring = new TestKeyring();
    const piece = patterned(MIB);
    const source = counting((index) => (index * MIB < total ? piece : undefined));
    const opened = source.stream.pipeThrough(encryptStream({ keyring })).pipeThrough(decryptStream({ keyring }));
    const before = process.memoryUsage().arrayBuffers;
    let [length, peak] = [0, 0];
    for await (const chunk of opened) {
      length += chunk.length;
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }
    expect(length).toBe(total);
    expect(peak).toBeLessThan(64 * MIB);
  });
});
