import { describe, expect, it } from 'vitest';
import { decrypt, decryptStream, encrypt, encryptStream } from '../../src/index.js';
import { concat, cut, patterned } from '../support/bytes.js';
import { collect } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const SEGMENT = 4096;

/**
 * Writes all chunks through one buffer, which is filled with the next as soon as `write` resolved, and with something
 * else at the end: as whoever reads a file into one buffer does.
 */
async function writeThroughOneBuffer(writable: WritableStream<Uint8Array>, chunks: readonly Uint8Array[]): Promise<void> {
  const writer = writable.getWriter();
  const buffer = new Uint8Array(Math.max(...chunks.map(({ length }) => length)));
  for (const chunk of chunks) {
    buffer.set(chunk);
    await writer.write(buffer.subarray(0, chunk.length));
    buffer.fill(0xee);
  }
  await writer.close();
}

describe.each([
  ['without a signal', undefined],
  ['with one', new AbortController().signal],
])('a chunk whose write resolved is the caller’s again, %s', (_what, signal) => {
  const keyring = new TestKeyring();
  const options = signal === undefined ? { keyring } : { keyring, signal };
  const plaintext = patterned(10 * SEGMENT + 99);

  it.each([1, 100, SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT, 5 * SEGMENT + 3])('when it encrypts %i bytes at a time', async (size) => {
    const stream = encryptStream({ ...options, segmentSize: SEGMENT });
    const chunks = size === 1 ? cut(plaintext.subarray(0, 5000), 1) : cut(plaintext, size);
    const [envelope] = await Promise.all([collect(stream.readable), writeThroughOneBuffer(stream.writable, chunks)]);
    expect(Buffer.compare(await decrypt(envelope, { keyring }), concat(...chunks))).toBe(0);
  });

  it.each([100, SEGMENT, SEGMENT + 16, 3 * SEGMENT, 5 * SEGMENT + 3])('when it decrypts %i bytes at a time', async (size) => {
    const envelope = await encrypt(plaintext, { keyring, segmentSize: SEGMENT });
    const stream = decryptStream(options);
    const [opened] = await Promise.all([collect(stream.readable), writeThroughOneBuffer(stream.writable, cut(envelope, size))]);
    expect(Buffer.compare(opened, plaintext)).toBe(0);
  });
});

describe('what a stream gave is the reader’s', () => {
  it('and what the reader does to it changes nothing', async () => {
    const keyring = new TestKeyring();
    const plaintext = patterned(3 * SEGMENT);
    const given: Uint8Array[] = [];
    const stream = encryptStream({ keyring, segmentSize: SEGMENT });
    const reading = (async () => {
      for await (const chunk of stream.readable) {
        given.push(chunk.slice());
        chunk.fill(0xee);
      }
    })();
    const writer = stream.writable.getWriter();
    for (const chunk of cut(plaintext, 1000)) await writer.write(chunk);
    await writer.close();
    await reading;
    expect(await decrypt(concat(...given), { keyring })).toEqual(plaintext);
  });
});
