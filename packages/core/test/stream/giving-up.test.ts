import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decryptStream, encrypt, encryptDetachedStream, encryptStream } from '../../src/index.js';
import type { ByteTransform } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { asFailure, failure, thrownBy } from '../support/failure.js';
import { idle, never, until } from '../support/gate.js';
import { streamOf } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';

// What hangs here hangs for ever.
vi.setConfig({ testTimeout: 5_000 });

const SEGMENT = 4096;
const unhandled = watchUnhandledRejections();
const writerKeyring = new TestKeyring();
const envelope = await encrypt(patterned(50 * SEGMENT), { keyring: writerKeyring, segmentSize: SEGMENT });

type Make = (keyring: TestKeyring, signal: AbortSignal) => ByteTransform;

/** How a stream is made, bytes to write into it, and a keyring that works. */
const transforms: readonly (readonly [string, Make, Uint8Array, TestKeyring])[] = [
  ['encryptStream', (keyring, signal) => encryptStream({ keyring, signal, segmentSize: SEGMENT }), patterned(50 * SEGMENT), new TestKeyring()],
  ['decryptStream', (keyring, signal) => decryptStream({ keyring, signal }), envelope, writerKeyring],
];

let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
});
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

const hanging = (): TestKeyring => new TestKeyring({ wrap: never, unwrap: never });

/** A writer and a reader whose `closed` may reject without anybody caring. */
function open(transform: ByteTransform): {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
} {
  const [writer, reader] = [transform.writable.getWriter(), transform.readable.getReader()];
  writer.closed.catch(() => undefined);
  reader.closed.catch(() => undefined);
  return { writer, reader };
}

describe.each(transforms)('%s, aborted by its signal', (_name, make, bytes, keyring) => {
  it('before the call: throws at the call', async () => {
    controller.abort('reason');
    expect((await failure(() => make(keyring, controller.signal), 'aborted')).cause).toBe('reason');
  });

  it('before anything was written: both sides fail, and no keyring is called', async () => {
    const fresh = new TestKeyring();
    const { writer, reader } = open(make(fresh, controller.signal));
    const reading = reader.read();
    controller.abort('reason');
    expect((await failure(reading, 'aborted')).cause).toBe('reason');
    await failure(writer.write(bytes), 'aborted');
    expect(fresh.operations).toEqual([]);
  });

  it('while the keyring hangs: both sides fail at once', async () => {
    const slow = hanging();
    const { writer, reader } = open(make(slow, controller.signal));
    const writing = writer.write(bytes);
    const reading = reader.read();
    await until(() => slow.operations.length === 1);
    controller.abort();
    await failure(reading, 'aborted');
    await failure(writing, 'aborted');
    expect(slow.calls[0]?.request.signal.aborted).toBe(true);
  });

  it('while the source hangs: both sides fail at once, and the source is told', async () => {
    let cancelled: unknown;
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (each) => {
        each.enqueue(bytes.slice(0, 20_000));
      },
      pull: never,
      cancel: (reason) => {
        cancelled = reason;
      },
    });
    const reader = source.pipeThrough(make(keyring, controller.signal)).getReader();
    await reader.read();
    controller.abort();
    const error = await thrownBy(async () => {
      for (;;) if ((await reader.read()).done) return;
    });
    asFailure(error, 'aborted');
    await idle();
    expect(cancelled).toBe(error);
  });

  it('while nobody reads: whoever writes hears of it', async () => {
    const { writer } = open(make(keyring, controller.signal));
    const writing = writer.write(bytes);
    await idle();
    controller.abort();
    await failure(writing, 'aborted');
  });

  it('in the middle: nothing more comes, not even what was ready', async () => {
    const { writer, reader } = open(make(keyring, controller.signal));
    const writing = writer.write(bytes);
    await reader.read();
    await reader.read();
    await idle();
    controller.abort();
    await failure(reader.read(), 'aborted');
    await failure(writing, 'aborted');
  });

  it('after the end: too late to matter', async () => {
    const transform = make(keyring, controller.signal);
    const reader = streamOf(bytes).pipeThrough(transform).getReader();
    while (!(await reader.read()).done);
    controller.abort();
    expect((await reader.read()).done).toBe(true);
  });
});

describe.each(transforms)('%s, cancelled by its reader', (_name, make, bytes, keyring) => {
  it('before anything: the writer gets the reason', async () => {
    const { writer, reader } = open(make(keyring, controller.signal));
    await reader.cancel('enough');
    expect(await thrownBy(writer.write(bytes))).toBe('enough');
  });

  it('while the keyring hangs: at once, and the keyring is told', async () => {
    const slow = hanging();
    const { writer, reader } = open(make(slow, controller.signal));
    const writing = writer.write(bytes);
    await until(() => slow.operations.length === 1);
    await reader.cancel('enough');
    expect(await thrownBy(writing)).toBeDefined();
    expect(slow.calls[0]?.request.signal.aborted).toBe(true);
  });

  it('while a write waits for a reader: the write fails', async () => {
    const { writer, reader } = open(make(keyring, controller.signal));
    const writing = writer.write(bytes);
    await reader.read();
    await reader.cancel(new Error('enough'));
    expect(await thrownBy(writing)).toBeInstanceOf(Error);
    expect(await thrownBy(writer.write(bytes))).toMatchObject({ message: 'enough' });
  });

  it('stops the source, with or without a reason', async () => {
    for (const reason of ['enough', undefined]) {
      let cancelled = 0;
      const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start: (each) => {
          each.enqueue(bytes.slice());
        },
        pull: never,
        cancel: () => {
          cancelled++;
        },
      });
      const reader = source.pipeThrough(make(keyring, controller.signal)).getReader();
      await reader.read();
      await reader.cancel(reason);
      await idle();
      expect(cancelled).toBe(1);
    }
  });
});

describe.each(transforms)('%s, aborted by its writer', (_name, make, bytes, keyring) => {
  it('before anything: the reader gets the reason', async () => {
    const { writer, reader } = open(make(keyring, controller.signal));
    const reading = reader.read();
    await writer.abort('given up');
    expect(await thrownBy(reading)).toBe('given up');
  });

  it('in the middle: the reader gets the reason, and no end', async () => {
    const { writer, reader } = open(make(keyring, controller.signal));
    void writer.write(bytes.slice(0, 20_000)).catch(() => undefined);
    await reader.read();
    await idle();
    const aborting = writer.abort('given up');
    const error = await thrownBy(async () => {
      for (;;) if ((await reader.read()).done) return;
    });
    expect(error).toBe('given up');
    await aborting;
  });

  it('while the keyring hangs: at once, and the keyring is told', async () => {
    const slow = hanging();
    const { writer, reader } = open(make(slow, controller.signal));
    const reading = reader.read();
    void writer.write(bytes).catch(() => undefined);
    await until(() => slow.operations.length === 1);
    await writer.abort('given up');
    expect(await thrownBy(reading)).toBeDefined();
    expect(slow.calls[0]?.request.signal.aborted).toBe(true);
  });

  it('while a write waits for a reader who never comes: at once', async () => {
    const { writer } = open(make(keyring, controller.signal));
    void writer.write(bytes).catch(() => undefined);
    await idle();
    await writer.abort('given up');
  });
});

describe('a detached stream', () => {
  it('that is never written into lets go of the signal when it is cancelled', async () => {
    const { payload } = await encryptDetachedStream({ keyring: new TestKeyring(), signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    await payload.readable.cancel();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('fails on both sides when the signal fires before it is used', async () => {
    const { payload } = await encryptDetachedStream({ keyring: new TestKeyring(), signal: controller.signal });
    controller.abort();
    const { writer, reader } = open(payload);
    await failure(reader.read(), 'aborted');
    await failure(writer.write(patterned(1)), 'aborted');
  });
});
