import { execFileSync, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import { decryptFile, encryptFile, inspectFile, openFileSource, readHeader, repairFile, rewrapFile } from '../../src/node.js';
import { cut, patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { idle, until } from '../support/gate.js';
import { openFilesIn } from '../support/open-handles.js';
import { streamOf } from '../support/streams.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();
const MIB = 1 << 20;
const plaintext = patterned(2 * MIB + 77);

async function expectSealed(): Promise<void> {
  expect(Buffer.compare(await decrypt(await readFile(folder.at('sealed')), { keyring }), plaintext)).toBe(0);
}

describe('bytes that are encrypted into a file may come from', () => {
  it('an async generator that uses one buffer for all', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      const buffer = new Uint8Array(50_000);
      for (const piece of cut(plaintext, buffer.length)) {
        buffer.set(piece);
        yield buffer.subarray(0, piece.length);
        buffer.fill(0xee);
        await Promise.resolve();
      }
    }
    await encryptFile(source(), folder.at('sealed'), { keyring });
    await expectSealed();
  });

  it('a stream of Node', async () => {
    await encryptFile(Readable.from(cut(plaintext, 10_000)), folder.at('sealed'), { keyring });
    await expectSealed();
  });

  it('a stream of the web', async () => {
    await encryptFile(streamOf(...cut(plaintext, 10_000)), folder.at('sealed'), { keyring });
    await expectSealed();
  });

  it('a process', async () => {
    await writeFile(folder.at('plain'), plaintext);
    const { stdout } = spawn('cat', [folder.at('plain')], { stdio: ['ignore', 'pipe', 'ignore'] });
    await encryptFile(stdout, folder.at('sealed'), { keyring });
    await expectSealed();
  });

  it('a pipe with a name', async () => {
    await writeFile(folder.at('plain'), plaintext);
    execFileSync('mkfifo', [folder.at('pipe')]);
    spawn('sh', ['-c', `cat '${folder.at('plain')}' > '${folder.at('pipe')}'`], { stdio: 'ignore' });
    await encryptFile(folder.at('pipe'), folder.at('sealed'), { keyring });
    await expectSealed();
  });

  it('a file of the system that does not know its size', async () => {
    await encryptFile('/proc/self/cmdline', folder.at('sealed'), { keyring });
    const opened = await decrypt(await readFile(folder.at('sealed')), { keyring });
    expect(Buffer.compare(opened, await readFile('/proc/self/cmdline'))).toBe(0);
  });
});

describe('an envelope that is decrypted into a file may come from', () => {
  it('a stream of Node, or a pipe with a name', async () => {
    await writeFile(folder.at('sealed'), await encrypt(plaintext, { keyring }));
    await decryptFile(createReadStream(folder.at('sealed'), { highWaterMark: 1000 }), folder.at('1'), { keyring });
    expect(Buffer.compare(await readFile(folder.at('1')), plaintext)).toBe(0);
    execFileSync('mkfifo', [folder.at('pipe')]);
    spawn('sh', ['-c', `cat '${folder.at('sealed')}' > '${folder.at('pipe')}'`], { stdio: 'ignore' });
    await decryptFile(folder.at('pipe'), folder.at('2'), { keyring });
    expect(Buffer.compare(await readFile(folder.at('2')), plaintext)).toBe(0);
  });
});

describe('a stream of text', () => {
  it('is refused: it has no bytes', async () => {
    const source = Readable.from(['a', 'b']) as AsyncIterable<never>;
    const error = await failure(encryptFile(source, folder.at('sealed'), { keyring }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'source' });
    expect(await folder.names()).toEqual([]);
  });
});

describe('a file that changes while it is encrypted', () => {
  async function encryptWhile(change: () => Promise<unknown>): Promise<unknown> {
    await writeFile(folder.at('plain'), patterned(6 * MIB));
    // The change happens between two pieces: a source that waits for it stands for a slow disk.
    const slow = new TestKeyring({
      wrap: async (request, real) => {
        await change();
        return await real(request);
      },
    });
    return await encryptFile(folder.at('plain'), folder.at('sealed'), { keyring: slow });
  }

  it('because it shrinks is not taken for a shorter one', async () => {
    const error = await failure(encryptWhile(async () => { await truncate(folder.at('plain'), 3 * MIB); }), 'length-mismatch');
    expect(error.details).toEqual({ expected: 6 * MIB, actual: 3 * MIB });
    expect(await folder.names()).toEqual(['plain']);
  });

  it('because it grows is not cut off', async () => {
    const error = await failure(encryptWhile(async () => { await appendFile(folder.at('plain'), 'x'); }), 'length-mismatch');
    expect(error.details).toEqual({ expected: 6 * MIB, actual: 6 * MIB + 1 });
    expect(await folder.names()).toEqual(['plain']);
  });

  it('because it is emptied is not taken for an empty one', async () => {
    const error = await failure(encryptWhile(async () => { await truncate(folder.at('plain'), 0); }), 'length-mismatch');
    expect(error.details).toEqual({ expected: 6 * MIB, actual: 0 });
  });
});

describe('a source that is not read to its end', () => {
  it('is told so', async () => {
    let returned = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield patterned(100);
          await Promise.resolve();
        }
      } finally {
        returned++;
      }
    }
    await failure(decryptFile(source(), folder.at('back'), { keyring }), 'malformed');
    expect(returned).toBe(1);
  });

  it('a pipe whose writer sleeps, does not hold up an abort', async () => {
    execFileSync('mkfifo', [folder.at('pipe')]);
    const sleeper = spawn('sh', ['-c', `exec 3> '${folder.at('pipe')}'; printf x >&3; sleep 60`], { stdio: 'ignore' });
    const controller = new AbortController();
    const running = encryptFile(folder.at('pipe'), folder.at('sealed'), { keyring, signal: controller.signal });
    await until(() => openFilesIn(folder.at('pipe')).length === 1);
    controller.abort();
    await failure(running, 'aborted');
    expect(await folder.names()).toEqual(['pipe']);
    sleeper.kill();
  });

  it('nor an error: what comes out of a pipe is no envelope, and its writer sleeps', async () => {
    execFileSync('mkfifo', [folder.at('pipe')]);
    const sleeper = spawn('sh', ['-c', `exec 3> '${folder.at('pipe')}'; printf 'this is no envelope' >&3; exec sleep 60`], { stdio: 'ignore' });
    await failure(decryptFile(folder.at('pipe'), folder.at('back'), { keyring }), 'malformed');
    expect(await folder.names()).toEqual(['pipe']);
    sleeper.kill();
    await until(() => openFilesIn(folder.path).length === 0);
  });

  it('a header out of a pipe that nobody writes into does not hold up an abort', async () => {
    execFileSync('mkfifo', [folder.at('pipe')]);
    const controller = new AbortController();
    const running = decryptFile(folder.at('payload'), folder.at('back'), { keyring, header: folder.at('pipe'), signal: controller.signal });
    await idle();
    controller.abort();
    await failure(running, 'aborted');
    execFileSync('sh', ['-c', `: > '${folder.at('pipe')}'`]);
    await until(() => openFilesIn(folder.path).length === 0);
  });

  it('a pipe is not waited for where only a part of it would be read', async () => {
    execFileSync('mkfifo', [folder.at('pipe')]);
    const rewrapping = { keyring, members: [keyring] };
    const readings = [inspectFile, readHeader, openFileSource, async (path: string) => await rewrapFile(path, { ...rewrapping, dryRun: true }), async (path: string) => await repairFile(path, rewrapping)];
    for (const read of readings) {
      expect((await failure(read(folder.at('pipe')) as Promise<unknown>, 'invalid-argument')).details).toEqual({ argument: 'path' });
    }
    expect(openFilesIn(folder.path)).toEqual([]);
  });

  it('a pipe that nobody has opened for writing does not hold up an abort either', async () => {
    execFileSync('mkfifo', [folder.at('pipe')]);
    const controller = new AbortController();
    const running = encryptFile(folder.at('pipe'), folder.at('sealed'), { keyring, signal: controller.signal });
    await idle();
    controller.abort();
    await failure(running, 'aborted');
    expect(await folder.names()).toEqual(['pipe']);
    // Lets the system's thread go that waits for a writer.
    execFileSync('sh', ['-c', `: > '${folder.at('pipe')}'`]);
    await until(() => openFilesIn(folder.path).length === 0);
  });
});
