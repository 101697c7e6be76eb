import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as nodeEngine from '../../src/engine/node.js';
import type { Engine } from '../../src/engine/types.js';
import * as webEngine from '../../src/engine/web.js';
import { cut, hex, patterned } from '../support/bytes.js';
import { idle } from '../support/gate.js';
import { collectUntilFailure, streamOf } from '../support/streams.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const real: Engine = process.env['KEYFOLD_ENGINE'] === 'web' ? webEngine : nodeEngine;

/** Every sealing of a segment: under which key, and with which nonce. */
const sealings: string[] = [];

// The engine as it is, but for a record of what is sealed.
vi.doMock('#engine', () => ({
  ...real,
  aesGcm: async (key: Uint8Array) => {
    const gcm = await real.aesGcm(key);
    const keyHex = hex(key);
    return {
      open: async (nonce: Uint8Array<ArrayBuffer>, sealed: Uint8Array) => await gcm.open(nonce, sealed),
      seal: async (nonce: Uint8Array<ArrayBuffer>, plaintext: Uint8Array) => {
        sealings.push(`${keyHex} ${hex(nonce)}`);
        return await gcm.seal(nonce, plaintext);
      },
    };
  },
}));
vi.resetModules();
const { encrypt, encryptDetached, encryptDetachedStream, encryptStream } = await import('../../src/index.js');
const { encryptFile } = await import('../../src/node.js');
afterAll(() => {
  vi.doUnmock('#engine');
});

const folder = new TempFolder();
const keyring = new TestKeyring();
const options = { keyring, segmentSize: 4096 } as const;
const plaintext = patterned(5 * 4096 + 7);

beforeEach(() => {
  sealings.length = 0;
});

/** No key has sealed twice with one nonce: with AES-GCM that would give away the difference of two plaintexts, and more. */
function expectNoNonceTwice(atLeast: number): void {
  expect(sealings.length).toBeGreaterThanOrEqual(atLeast);
  expect(new Set(sealings).size).toBe(sealings.length);
  for (const sealing of sealings) expect(sealing).not.toMatch(/^0{64}/);
}

describe('no key seals twice with one nonce', () => {
  it('in calls of every kind', async () => {
    for (let i = 0; i < 20; i++) {
      await encrypt(plaintext, options);
      await encryptDetached(plaintext, options);
      await collectUntilFailure(streamOf(...cut(plaintext, 1000)).pipeThrough(encryptStream(options)));
      const { payload } = await encryptDetachedStream(options);
      await collectUntilFailure(streamOf(plaintext).pipeThrough(payload));
    }
    expectNoNonceTwice(20 * 4 * 6);
  });

  it('in streams whose source fails, at whatever place', async () => {
    for (let length = 0; length < 3 * 4096; length += 700) {
      const source = streamOf(...cut(plaintext.subarray(0, length), 500)).pipeThrough(
        new TransformStream({ flush: () => { throw new Error('the source broke'); } }),
      );
      await collectUntilFailure(source.pipeThrough(encryptStream(options)));
    }
    expectNoNonceTwice(10);
  });

  it('in streams that are given up, and written into all the same', async () => {
    for (let reads = 0; reads < 12; reads++) {
      const controller = new AbortController();
      const stream = encryptStream({ ...options, signal: controller.signal });
      const [writer, reader] = [stream.writable.getWriter(), stream.readable.getReader()];
      const writes = [writer.write(plaintext), writer.write(plaintext), writer.close()];
      for (const each of [...writes, writer.closed, reader.closed]) each.catch(() => undefined);
      for (let i = 0; i < reads; i++) await reader.read();
      if (reads % 3 === 0) controller.abort();
      else if (reads % 3 === 1) await reader.cancel();
      else await writer.abort();
      await writer.write(plaintext).catch(() => undefined);
      await idle();
    }
    expectNoNonceTwice(12);
  });

  it('in streams of a promised length that is not kept', async () => {
    for (const plaintextLength of [0, 1, 4096, 4097, plaintext.length - 1, plaintext.length + 1]) {
      await collectUntilFailure(streamOf(...cut(plaintext, 900)).pipeThrough(encryptStream({ ...options, plaintextLength })));
    }
    expectNoNonceTwice(6);
  });

  it('in files that cannot be written', async () => {
    for (let i = 0; i < 3; i++) {
      const broken = (async function* () {
        yield plaintext;
        await idle();
        throw new Error('the source broke');
      })();
      await expect(encryptFile(broken, folder.at('never-written'), options)).rejects.toThrow('the source broke');
    }
    expectNoNonceTwice(3 * 5);
  });
});
