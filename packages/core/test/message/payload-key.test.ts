import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as nodeEngine from '../../src/engine/node.js';
import type { Engine } from '../../src/engine/types.js';
import * as webEngine from '../../src/engine/web.js';
import { flipped, hex, isZero, patterned } from '../support/bytes.js';
import { thrownBy } from '../support/failure.js';
import { idle } from '../support/gate.js';
import { collectUntilFailure, streamOf, through } from '../support/streams.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const real: Engine = process.env['KEYFOLD_ENGINE'] === 'web' ? webEngine : nodeEngine;

/** A key that the engine was handed, the very object, and what it was then. */
interface Handed {
  readonly key: Uint8Array;
  readonly was: string;
}

/** Keys of the segments, keys of the header's MAC, and what was compared with a data key. */
const handed = { payload: [] as Handed[], header: [] as Handed[], compared: [] as Handed[] };
const note = (keys: Handed[], key: Uint8Array): void => void keys.push({ key, was: hex(key) });

// The engine as it is, but for a record of the keys that it is handed.
vi.doMock('#engine', () => ({
  ...real,
  aesGcm: (key: Uint8Array): ReturnType<Engine['aesGcm']> => {
    note(handed.payload, key);
    return real.aesGcm(key);
  },
  hmacSha256: (key: Uint8Array, data: Uint8Array): ReturnType<Engine['hmacSha256']> => {
    note(handed.header, key);
    return real.hmacSha256(key, data);
  },
  equalInConstantTime: (a: Uint8Array, b: Uint8Array) => {
    note(handed.compared, a);
    return real.equalInConstantTime(a, b);
  },
}));
vi.resetModules();
const { bytesSource, decrypt, decryptDetached, decryptStream, encrypt, encryptDetached, encryptDetachedStream, encryptStream, openEnvelope, rewrap } =
  await import('../../src/index.js');
const { decryptFile, encryptFile } = await import('../../src/node.js');
afterAll(() => {
  vi.doUnmock('#engine');
});

const folder = new TempFolder();
const plaintext = patterned(3 * 4096 + 5);
let keyring = new TestKeyring();
let options = { keyring, segmentSize: 4096 } as const;
let envelope = new Uint8Array(0);
beforeEach(async () => {
  keyring = new TestKeyring();
  options = { keyring, segmentSize: 4096 };
  envelope = await encrypt(plaintext, options);
  for (const keys of Object.values(handed)) keys.length = 0;
});

/** So many messages were begun, and of each the keys were real ones once and are zeros now. */
function expectWiped(messages: number): void {
  expect(new Set(handed.payload.map(({ was }) => was)).size).toBe(messages);
  const secrets = keyring.secrets.map(hex);
  const compared = handed.compared.filter(({ was }) => secrets.includes(was));
  for (const { key, was } of [...handed.payload, ...handed.header, ...compared]) {
    expect(was).not.toMatch(/^0*$/);
    expect(isZero(key)).toBe(true);
  }
}

describe('the keys of a message are wiped', () => {
  it('when it was encrypted in one call, or that failed', async () => {
    await encrypt(plaintext, options);
    await encryptDetached(plaintext, options);
    expectWiped(2);
    const controller = new AbortController();
    const stopping = new TestKeyring({ wrap: async (request, wrap) => {
      const result = await wrap(request);
      queueMicrotask(() => { controller.abort(); });
      return result;
    } });
    await thrownBy(encrypt(patterned(1 << 20), { ...options, keyring: stopping, signal: controller.signal }));
    expectWiped(handed.payload.length);
  });

  it('when it was decrypted in one call, or could not be', async () => {
    await decrypt(envelope, { keyring });
    expectWiped(1);
    await thrownBy(decrypt(flipped(envelope, envelope.length - 1), { keyring }));
    await thrownBy(decrypt(envelope.subarray(0, -1), { keyring }));
    expectWiped(1);
    const pair = await encryptDetached(plaintext, options);
    await decryptDetached(pair, { keyring });
    expectWiped(2);
  });

  it('when a stream has ended', async () => {
    const sealed = await through(encryptStream(options), [plaintext]);
    expectWiped(1);
    await through(decryptStream({ keyring }), [sealed]);
    expectWiped(1);
    const { header, payload } = await encryptDetachedStream(options);
    const sealedPayload = await through(payload, [plaintext]);
    expectWiped(2);
    await through(decryptStream({ keyring, header }), [sealedPayload]);
    expectWiped(2);
  });

  it('when the source of a stream fails, or what it gives is damaged', async () => {
    const failing = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
      streamOf(bytes).pipeThrough(new TransformStream({ flush: () => { throw new Error('the source broke'); } }));
    expect((await collectUntilFailure(failing(plaintext).pipeThrough(encryptStream(options)))).error).toBeDefined();
    expectWiped(1);
    expect((await collectUntilFailure(failing(envelope).pipeThrough(decryptStream({ keyring })))).error).toBeDefined();
    expect((await collectUntilFailure(streamOf(flipped(envelope, 600)).pipeThrough(decryptStream({ keyring })))).error).toBeDefined();
    expectWiped(2);
  });

  it.each(['cancelled', 'aborted', 'stopped by its signal'])('when a stream is %s in the middle', async (how) => {
    const kinds = [[encryptStream, options, plaintext], [decryptStream, { keyring }, envelope]] as const;
    for (const [i, [create, given, bytes]] of kinds.entries()) {
      const controller = new AbortController();
      const { readable, writable } = create({ ...given, signal: controller.signal });
      const [writer, reader] = [writable.getWriter(), readable.getReader()];
      writer.closed.catch(() => undefined);
      reader.closed.catch(() => undefined);
      writer.write(bytes).catch(() => undefined);
      await reader.read();
      await idle();
      expect(handed.payload.some(({ key }) => !isZero(key))).toBe(true);
      if (how === 'cancelled') await reader.cancel('enough');
      else if (how === 'aborted') await writer.abort('enough').catch(() => undefined);
      else controller.abort();
      await idle();
      expectWiped(i + 1);
    }
  });

  it('when a file was encrypted or decrypted, or could not be', async () => {
    const [plain, sealed, back] = [folder.at('plain'), folder.at('sealed'), folder.at('back')];
    await writeFile(plain, plaintext);
    await encryptFile(plain, sealed, options);
    expectWiped(1);
    await decryptFile(sealed, back, { keyring });
    expectWiped(1);
    await writeFile(sealed, flipped(await readFile(sealed), 700));
    await thrownBy(decryptFile(sealed, back, { keyring, overwrite: true }));
    expectWiped(1);
  });

  it('when a reader of ranges is closed, or could not be opened', async () => {
    const reader = await openEnvelope(bytesSource(envelope), { keyring });
    await reader.read(5, 5000);
    expect(handed.payload.some(({ key }) => !isZero(key))).toBe(true);
    reader.close();
    expectWiped(1);
    await thrownBy(openEnvelope(bytesSource(flipped(envelope, envelope.length - 1)), { keyring }));
    expectWiped(1);
  });

  it('when its header was rewrapped', async () => {
    const header = envelope.subarray(0, -(16 + plaintext.length + 4 * 16));
    await rewrap(header, { keyring, wrapWith: new TestKeyring({ name: 'another' }), refresh: true });
    expect(handed.header.length).toBeGreaterThan(2);
    expectWiped(0);
  });
});
