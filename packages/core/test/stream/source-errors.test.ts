import { afterEach, describe, expect, it } from 'vitest';
import { decrypt, decryptStream, encrypt, encryptStream, isKeyfoldError } from '../../src/index.js';
import { cut, patterned } from '../support/bytes.js';
import { asFailure, thrownBy } from '../support/failure.js';
import { idle } from '../support/gate.js';
import { collectUntilFailure } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';

const SEGMENT = 4096;
const unhandled = watchUnhandledRejections();
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
});

/** A source that gives these chunks and then fails. */
function failingAfter(chunks: readonly Uint8Array[], error: unknown): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk === undefined) controller.error(error);
        else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    },
    { highWaterMark: 0 },
  );
}

const broken = new Error('the disk is gone');

describe('a source that fails while it is encrypted', () => {
  it.each([0, 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 5 * SEGMENT])(
    'after %i bytes: its error comes out, and what there is does not open',
    async (length) => {
      const keyring = new TestKeyring();
      const source = failingAfter(cut(patterned(length), 1500), broken);
      const { bytes, error } = await collectUntilFailure(source.pipeThrough(encryptStream({ keyring, segmentSize: SEGMENT })));
      expect(error).toBe(broken);
      const opened = await thrownBy(decrypt(bytes, { keyring }));
      expect(isKeyfoldError(opened)).toBe(true);
    },
  );

  it('never gets a last segment: not even one that would end at the same place', async () => {
    const keyring = new TestKeyring();
    const source = failingAfter([patterned(SEGMENT), patterned(1)], broken);
    const { bytes } = await collectUntilFailure(source.pipeThrough(encryptStream({ keyring, segmentSize: SEGMENT })));
    const error = await thrownBy(decrypt(bytes, { keyring }));
    expect(asFailure(error, 'payload-damaged').details).toMatchObject({ segment: 0, kind: 'cut-off' });
  });
});

describe('a source that fails while it is decrypted', () => {
  it('gives its own error, and nothing that was not authenticated', async () => {
    const keyring = new TestKeyring();
    const plaintext = patterned(3 * SEGMENT);
    const envelope = await encrypt(plaintext, { keyring, segmentSize: SEGMENT });
    for (const length of [0, 5, 100, 300, envelope.length - SEGMENT, envelope.length - 1]) {
      const source = failingAfter(cut(envelope.subarray(0, length), 700), broken);
      const { bytes, error } = await collectUntilFailure(source.pipeThrough(decryptStream({ keyring })));
      expect(error).toBe(broken);
      expect(bytes).toEqual(plaintext.subarray(0, bytes.length));
      expect(bytes.length % SEGMENT).toBe(0);
    }
  });

  it('that was complete, but did not say that it ended, has not been read to its end', async () => {
    const keyring = new TestKeyring();
    const envelope = await encrypt(patterned(100), { keyring });
    const { bytes, error } = await collectUntilFailure(failingAfter([envelope], broken).pipeThrough(decryptStream({ keyring })));
    expect(error).toBe(broken);
    expect(bytes).toHaveLength(0);
  });
});

describe('an error of the stream itself', () => {
  it('reaches whoever writes into it', async () => {
    const keyring = new TestKeyring();
    const stream = decryptStream({ keyring });
    const reading = collectUntilFailure(stream.readable);
    const writer = stream.writable.getWriter();
    const written = await thrownBy(writer.write(patterned(100)));
    asFailure(written, 'malformed');
    expect(await thrownBy(writer.closed)).toBe(written);
    expect((await reading).error).toBe(written);
  });

  it('stops the source', async () => {
    let cancelled: unknown;
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        controller.enqueue(patterned(100));
      },
      cancel: (reason) => {
        cancelled = reason;
      },
    });
    const { error } = await collectUntilFailure(source.pipeThrough(decryptStream({ keyring: new TestKeyring() })));
    asFailure(error, 'malformed');
    await idle();
    expect(cancelled).toBe(error);
  });

  it.each([['a string', 'text'], ['an array', [1, 2]], ['an ArrayBuffer', new ArrayBuffer(4)], ['null', null], ['a DataView', new DataView(new ArrayBuffer(1))]])(
    'is invalid-argument for a chunk that is %s',
    async (_what, chunk) => {
      const keyring = new TestKeyring();
      for (const stream of [encryptStream({ keyring }), decryptStream({ keyring })]) {
        const reading = collectUntilFailure(stream.readable);
        const writer = stream.writable.getWriter();
        writer.closed.catch(() => undefined);
        const error = await thrownBy(writer.write(chunk as unknown as Uint8Array));
        expect(asFailure(error, 'invalid-argument').details).toEqual({ argument: 'chunk' });
        expect((await reading).error).toBe(error);
      }
    },
  );
});
