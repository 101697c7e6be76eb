import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { bytesSource, openEnvelope } from '../../src/index.js';
import { failure, thrownBy } from '../support/failure.js';
import { Gate, idle, never, until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';
import { envelopeOf, keyring, SEGMENT } from './envelope.js';
import { httpSource, serveRanges } from './serve-ranges.js';
import { WatchedSource } from './watched-source.js';

const unhandled = watchUnhandledRejections();
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
  expect(warnings).toEqual([]);
});

const { envelope, plaintext } = await envelopeOf(8 * SEGMENT);

/** A source that answers when it is told to. */
function gated(): { readonly source: WatchedSource; readonly gate: () => Gate } {
  let gate = new Gate();
  gate.open();
  const source = new WatchedSource(bytesSource(envelope), async ({ signal }, real) => {
    await Promise.race([
      gate.opened,
      // As a good source does: it ends when its signal fires.
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => { reject(signal.reason as Error); });
      }),
    ]);
    return await real();
  });
  return { source, gate: () => (gate = new Gate()) };
}

describe('opening', () => {
  it('does nothing when the signal has fired before', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const error = await failure(openEnvelope(source, { keyring, signal: AbortSignal.abort('early') }), 'aborted');
    expect(error.cause).toBe('early');
    expect(source.reads).toEqual([]);
  });

  it.each([0, 1, 2])('ends at once when the signal fires while the source hangs at its read %i, and passes it on', async (hanging) => {
    const controller = new AbortController();
    const source = new WatchedSource(bytesSource(envelope));
    source.instead = async (_read, real) => (source.reads.length === hanging + 1 ? await never() : await real());
    const opening = openEnvelope(source, { keyring, signal: controller.signal });
    await until(() => source.reads.length === hanging + 1);
    controller.abort(new Error('enough'));
    expect((await failure(opening, 'aborted')).cause).toEqual(new Error('enough'));
    await until(() => source.reads[hanging]?.signal.aborted === true);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('ends at once when the signal fires while the keyring hangs, and reads no payload', async () => {
    const controller = new AbortController();
    const slow = new TestKeyring({ unwrap: never });
    const source = new WatchedSource(bytesSource(envelope));
    const opening = openEnvelope(source, { keyring: slow, signal: controller.signal });
    await until(() => slow.operations.length === 1);
    controller.abort();
    await failure(opening, 'aborted');
    expect(source.reads).toHaveLength(2);
  });

  it('leaves nothing on the signal, and does not end what it has opened', async () => {
    const controller = new AbortController();
    const reader = await openEnvelope(bytesSource(envelope), { keyring, signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(await reader.read(0)).toEqual(plaintext);
  });
});

describe('a read', () => {
  it('does nothing when its signal has fired before', async () => {
    const { source } = gated();
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    const signal = AbortSignal.abort('early');
    for (const length of [0, 1, 3 * SEGMENT]) {
      expect((await failure(reader.read(0, length, { signal }), 'aborted')).cause).toBe('early');
    }
    expect(source.reads).toEqual([]);
  });

  it('never asks the source when it is aborted in the same moment', async () => {
    const { source } = gated();
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    const controller = new AbortController();
    const read = reader.read(0, 1, { signal: controller.signal });
    controller.abort();
    await failure(read, 'aborted');
    await idle();
    expect(source.reads.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('that is aborted does not stop another that shares its segments', async () => {
    const { source, gate } = gated();
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    const held = gate();
    const controller = new AbortController();
    const one = reader.read(0, 2 * SEGMENT, { signal: controller.signal });
    const other = reader.read(SEGMENT, 2 * SEGMENT);
    await until(() => source.reads.length === 1);
    controller.abort(new Error('enough'));
    expect((await failure(one, 'aborted')).cause).toEqual(new Error('enough'));
    await idle();
    expect(source.reads[0]?.signal.aborted).toBe(false);
    held.open();
    expect(await other).toEqual(plaintext.subarray(SEGMENT, 3 * SEGMENT));
    expect(source.reads).toHaveLength(1);
  });

  it('that is the last to be aborted aborts the source', async () => {
    const { source, gate } = gated();
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    gate();
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const reads = controllers.map(async ({ signal }, i) => await reader.read(i * SEGMENT, SEGMENT + 1, { signal }));
    await until(() => source.reads.length === 1);
    for (const [i, controller] of controllers.entries()) {
      expect(source.reads[0]?.signal.aborted).toBe(false);
      controller.abort();
      await failure(reads[i] as Promise<unknown>, 'aborted');
      await idle();
    }
    expect(source.reads[0]?.signal.aborted).toBe(true);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
  });

  it('that begins when another was just aborted is not aborted with it', async () => {
    // How many turns lie between the abort and its effect is the code's own affair: all of them are tried.
    for (let turns = 0; turns < 30; turns++) {
      const { source, gate } = gated();
      const reader = await openEnvelope(source, { keyring });
      gate();
      const controller = new AbortController();
      const aborted = failure(reader.read(0, 1, { signal: controller.signal }), 'aborted');
      if (turns % 2 === 0) await until(() => source.reads.length === 4);
      source.instead = undefined;
      controller.abort();
      for (let i = 0; i < turns >> 1; i++) await Promise.resolve();
      // Where it joins the call before that call is aborted, it keeps that alive, and the gate with it.
      gate().open();
      const second = reader.read(0, 5);
      await aborted;
      if (source.reads.some(({ signal }) => signal.aborted) || source.reads.length > 4) {
        expect(await second, `${turns} turns`).toEqual(plaintext.subarray(0, 5));
      } else {
        reader.close();
        await failure(second, 'already-used');
      }
    }
  });

  it('that has ended leaves the signal of its call alone', async () => {
    const source = new WatchedSource(bytesSource(envelope));
    const reader = await openEnvelope(source, { keyring });
    const controller = new AbortController();
    await reader.read(0, 3 * SEGMENT, { signal: controller.signal });
    await idle();
    controller.abort();
    reader.close();
    await idle();
    expect(source.reads.map(({ signal }) => signal.aborted)).toEqual(source.reads.map(() => false));
  });
});

describe('many reads under one signal', () => {
  it('leave nothing on it, and no warning', async () => {
    const source = await httpSource(await serveRanges(envelope));
    const controller = new AbortController();
    const { signal } = controller;
    const readers = await Promise.all(Array.from({ length: 30 }, async () => await openEnvelope(source, { keyring, signal })));
    const reads = readers.slice(0, 4).flatMap((reader) =>
      Array.from({ length: 100 }, async (_, i) => await reader.read(i * 300, 700, { signal })),
    );
    for (const [i, range] of (await Promise.all(reads)).entries()) {
      expect(range).toEqual(plaintext.subarray((i % 100) * 300, (i % 100) * 300 + 700));
    }
    await idle();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('are all aborted by it', async () => {
    const { source, gate } = gated();
    const reader = await openEnvelope(source, { keyring, cacheSegments: 0 });
    source.clear();
    gate();
    const controller = new AbortController();
    const reads = Array.from({ length: 100 }, async (_, i) => await thrownBy(reader.read(i * 300, 700, { signal: controller.signal })));
    await until(() => source.reads.length > 0);
    controller.abort();
    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: 'aborted' });
    await until(() => source.reads.every(({ signal }) => signal.aborted));
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('close', () => {
  it('refuses what is asked for afterwards', async () => {
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    await reader.read(0);
    reader.close();
    reader.close();
    expect((await failure(reader.read(0, 1), 'already-used')).details).toEqual({ what: 'reader' });
    await failure(reader.read(0, 0), 'already-used');
    await failure(() => reader.stream(), 'already-used');
    expect(reader.length).toBe(plaintext.length);
    expect(reader.info.payload?.plaintextLength).toBe(plaintext.length);
  });

  it('fails reads under way, and aborts the source', async () => {
    const { source, gate } = gated();
    const reader = await openEnvelope(source, { keyring });
    source.clear();
    gate();
    const reads = [reader.read(0, 1), reader.read(3 * SEGMENT, 1), reader.read(0)].map(async (read) => await thrownBy(read));
    await until(() => source.reads.length > 0);
    reader.close();
    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: 'already-used' });
    expect(source.reads.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('never lets a read end in anything but its bytes or already-used, whenever it comes', async () => {
    for (let turns = 0; turns < 40; turns++) {
      const reader = await openEnvelope(bytesSource(envelope), { keyring });
      const reading = reader.read(10, 5 * SEGMENT).catch((error: unknown) => error);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      reader.close();
      const result = await reading;
      if (result instanceof Uint8Array) expect(result).toEqual(plaintext.subarray(10, 10 + 5 * SEGMENT));
      else expect(result).toMatchObject({ code: 'already-used' });
    }
  });

  it('ends streams, also those that nobody reads at the moment', async () => {
    const { source, gate } = gated();
    const reader = await openEnvelope(source, { keyring });
    const [waiting, idling] = [reader.stream().getReader(), reader.stream().getReader()];
    gate();
    const piece = waiting.read();
    reader.close();
    await failure(piece, 'already-used');
    await failure(idling.read(), 'already-used');
  });
});
