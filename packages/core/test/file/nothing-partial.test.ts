import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encrypt } from '../../src/index.js';
import type { ErrorCode } from '../../src/index.js';
import { decryptFile, encryptFile } from '../../src/node.js';
import { flipped, patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { idle, never, until } from '../support/gate.js';
import { openFilesIn } from '../support/open-handles.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';

const folder = new TempFolder();
const unhandled = watchUnhandledRejections();
const keyring = new TestKeyring();
const MIB = 1 << 20;
const plaintext = patterned(3 * MIB);

/** The target as it was before, or not there; nothing beside it, nothing open. */
async function expectUntouched(): Promise<void> {
  await until(() => openFilesIn(folder.path).length === 0);
  expect(await readFile(folder.at('old'), 'utf8')).toBe('old');
  expect(await folder.names()).toEqual(['old', 'source']);
}

beforeEach(async () => {
  await writeFile(folder.at('old'), 'old');
});
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
});

/** Runs onto a new name and onto an old file. */
async function expectFailure(run: (target: string) => Promise<unknown>, code: ErrorCode): Promise<void> {
  for (const name of ['new', 'old']) {
    await failure(run(folder.at(name)), code);
    await expectUntouched();
  }
}

describe('encryptFile leaves nothing behind', () => {
  beforeEach(async () => {
    await writeFile(folder.at('source'), plaintext);
  });

  it('when the keyring fails', async () => {
    const down = new TestKeyring({ wrap: async () => await Promise.reject(new Error('down')) });
    await expectFailure(async (target) => await encryptFile(folder.at('source'), target, { keyring: down, overwrite: true }), 'wrap-failed');
  });

  it('when the source fails in the middle', async () => {
    const broken = new Error('the source broke');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield patterned(2 * MIB);
      await idle();
      throw broken;
    }
    for (const name of ['new', 'old']) {
      expect(await thrownBy(encryptFile(source(), folder.at(name), { keyring, overwrite: true }))).toBe(broken);
      await expectUntouched();
    }
  });

  it('when a piece of the source is no bytes', async () => {
    const source = (async function* () {
      yield patterned(10);
      yield 'text' as unknown as Uint8Array;
      await idle();
    })();
    const error = await failure(encryptFile(source, folder.at('new'), { keyring }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'source' });
    await expectUntouched();
  });

  it('when the signal fires: before, at each piece, while the keyring hangs, while the source hangs', async () => {
    await failure(encryptFile(folder.at('source'), folder.at('new'), { keyring, signal: AbortSignal.abort() }), 'aborted');
    await expectUntouched();
    for (let piece = 1; piece <= 3; piece++) {
      const controller = new AbortController();
      let seen = 0;
      const onProgress = (): void => {
        if (++seen === piece) controller.abort();
      };
      await failure(encryptFile(folder.at('source'), folder.at('new'), { keyring, signal: controller.signal, onProgress }), 'aborted');
      await expectUntouched();
    }
    const slow = new AbortController();
    const hanging = new TestKeyring({ wrap: never });
    const waiting = encryptFile(folder.at('source'), folder.at('old'), { keyring: hanging, overwrite: true, signal: slow.signal });
    await until(() => hanging.operations.length === 1);
    slow.abort();
    await failure(waiting, 'aborted');
    await expectUntouched();
    const stuck = new AbortController();
    let [asked, told] = [false, false];
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked = true;
          return await never();
        },
        return: async () => {
          told = true;
          return await never();
        },
      }),
    };
    const reading = encryptFile(source, folder.at('new'), { keyring, signal: stuck.signal });
    await until(() => asked);
    stuck.abort();
    await failure(reading, 'aborted');
    expect(told).toBe(true);
    await expectUntouched();
  });

  it('when whoever is told of the progress throws', async () => {
    const broken = new Error('broken pipe');
    const onProgress = (): void => {
      throw broken;
    };
    expect(await thrownBy(encryptFile(folder.at('source'), folder.at('new'), { keyring, onProgress }))).toBe(broken);
    await expectUntouched();
  });

  it('when the source is missing, or a folder', async () => {
    const missing = await failure(encryptFile(folder.at('nowhere'), folder.at('new'), { keyring }), 'file-failed');
    expect(missing.details).toEqual({ path: folder.at('nowhere'), operation: 'open' });
    expect((await failure(encryptFile(folder.path, folder.at('new'), { keyring }), 'invalid-argument')).message).toContain('folder');
    await expectUntouched();
  });
});

describe('decryptFile leaves nothing behind', () => {
  let envelope: Uint8Array;
  beforeEach(async () => {
    envelope = await encrypt(plaintext, { keyring, context: { a: 'b' } });
    await writeFile(folder.at('source'), envelope);
  });
  const opening = (options: object = {}) => async (target: string): Promise<unknown> =>
    await decryptFile(folder.at('source'), target, { keyring, context: { a: 'b' }, overwrite: true, ...options });

  it('when the last bit is wrong', async () => {
    await writeFile(folder.at('source'), flipped(envelope, envelope.length - 1));
    await expectFailure(opening(), 'payload-damaged');
  });

  it('when it was cut off between two segments, or inside one', async () => {
    await writeFile(folder.at('source'), envelope.subarray(0, envelope.length - (131_072 + 16)));
    await expectFailure(opening(), 'payload-damaged');
    await writeFile(folder.at('source'), envelope.subarray(0, envelope.length - 5));
    await expectFailure(opening(), 'payload-damaged');
  });

  it('when something was appended', async () => {
    await writeFile(folder.at('source'), new Uint8Array([...envelope.subarray(0, -1), 0, 1]));
    await expectFailure(opening(), 'payload-damaged');
  });

  it('when it is no envelope, or none at all', async () => {
    await writeFile(folder.at('source'), plaintext);
    await expectFailure(opening(), 'malformed');
    await writeFile(folder.at('source'), '');
    await expectFailure(opening(), 'truncated');
  });

  it('when the key is another, or the context', async () => {
    await expectFailure(opening({ keyring: new TestKeyring() }), 'unwrap-failed');
    await expectFailure(opening({ keyring: new TestKeyring({ name: 'x' }) }), 'no-matching-key');
    await expectFailure(opening({ context: { a: 'c' } }), 'context-mismatch');
  });

  it('when the signal fires on the way', async () => {
    for (let piece = 1; piece <= 3; piece++) {
      const controller = new AbortController();
      let seen = 0;
      const onProgress = (): void => {
        if (++seen === piece) controller.abort();
      };
      await failure(opening({ signal: controller.signal, onProgress })(folder.at('new')), 'aborted');
      await expectUntouched();
    }
  });
});
