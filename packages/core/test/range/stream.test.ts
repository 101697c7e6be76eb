import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { bytesSource, openEnvelope } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { idle, never, until } from '../support/gate.js';
import { collect } from '../support/streams.js';
import { watchUnhandledRejections } from '../support/unhandled.js';
import { envelopeOf, keyring, SEGMENT } from './envelope.js';
import { WatchedSource } from './watched-source.js';

const unhandled = watchUnhandledRejections();
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
});

const MIB = 1 << 20;
const { envelope, plaintext } = await envelopeOf(4 * MIB + 100);

describe('a stream', () => {
  it.each([
    [{}, 0, plaintext.length],
    [{ offset: 5 }, 5, plaintext.length],
    [{ length: 5 }, 0, 5],
    [{ offset: MIB - 1, length: 2 }, MIB - 1, MIB + 1],
    [{ offset: 4 * MIB }, 4 * MIB, 4 * MIB + 100],
    [{ offset: 7, length: 0 }, 7, 7],
    [{ offset: plaintext.length }, plaintext.length, plaintext.length],
  ])('of %j', async (range, from, to) => {
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    expect(Buffer.compare(await collect(reader.stream(range)), plaintext.subarray(from, to))).toBe(0);
  });

  it('of an empty plaintext ends at once', async () => {
    const empty = await envelopeOf(0);
    const reader = await openEnvelope(bytesSource(empty.envelope), { keyring });
    expect(await reader.stream().getReader().read()).toEqual({ done: true, value: undefined });
  });

  it('reads nothing before it is read, and no more than a piece ahead of a slow reader', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    const stream = reader.stream({ offset: 100 }).getReader();
    await idle();
    expect(source.bytesRead).toBe(0);
    let total = 0;
    for (;;) {
      const { done, value } = await stream.read();
      if (done) break;
      total += value.length;
      expect(value.length).toBeLessThanOrEqual(MIB);
      await idle();
      expect(source.bytesRead).toBeLessThanOrEqual(total + 100 + 2 * (SEGMENT + 16) + 16 * Math.ceil(total / SEGMENT));
    }
    expect(total).toBe(plaintext.length - 100);
  });

  it('that is cancelled stops reading and aborts the source', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    source.instead = never;
    const stream = reader.stream().getReader();
    const piece = stream.read();
    await until(() => source.reads.length === 1);
    await stream.cancel('enough');
    expect(await piece).toEqual({ done: true, value: undefined });
    await until(() => source.reads[0]?.signal.aborted === true);
    source.instead = undefined;
    expect(await reader.read(0, 5)).toEqual(plaintext.subarray(0, 5));
  });

  it('that is cancelled before anything was read, or between two pieces, reads no more', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    await reader.stream().cancel();
    expect(source.reads).toHaveLength(0);
    const stream = reader.stream();
    for await (const piece of stream) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await idle();
    expect(source.reads).toHaveLength(1);
  });

  it('does not stop another stream, or a read, that shares its segments', async () => {
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    const cancelled = reader.stream();
    const [whole, range] = [collect(reader.stream()), reader.read(0, 100)];
    await cancelled.cancel();
    expect(Buffer.compare(await whole, plaintext)).toBe(0);
    expect(await range).toEqual(plaintext.subarray(0, 100));
  });

  it('fails with aborted when its signal fires, and leaves nothing on it', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    const controller = new AbortController();
    const stream = reader.stream({ signal: controller.signal }).getReader();
    await stream.read();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    source.instead = never;
    const piece = stream.read();
    await until(() => source.reads.length === 2);
    controller.abort(new Error('enough'));
    expect((await failure(piece, 'aborted')).cause).toEqual(new Error('enough'));
    await until(() => source.reads[1]?.signal.aborted === true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    const late = reader.stream({ signal: controller.signal }).getReader();
    await failure(late.read(), 'aborted');
  });

  it('can be transferred to whoever takes web streams: a Response', async () => {
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    const body = new Uint8Array(await new Response(reader.stream({ offset: 3, length: 2 * MIB })).arrayBuffer());
    expect(Buffer.compare(body, plaintext.subarray(3, 3 + 2 * MIB))).toBe(0);
  });
});
