import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { currentHeader } from '../../src/file/current-header.js';
import { readBeginning } from '../../src/file/header-bytes.js';
import { failure } from '../support/failure.js';
import { newFolder } from './folders.js';
import { writeSealed } from './sealed-file.js';

/** An open file of which every read gives a few bytes only, as some network file systems do. */
function stingy(handle: FileHandle): FileHandle {
  return new Proxy(handle, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name !== 'read') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (buffer: Uint8Array, offset: number, length: number, position: number) =>
        await target.read(buffer, offset, Math.min(length, 7), position);
    },
  });
}

/** The header of a file that somebody writes anew, with another byte behind its prelude, before each of the first `times` reads. */
async function readWhileWritten(times: number): Promise<{ readonly header: Uint8Array | undefined; readonly length: number; readonly path: string }> {
  const path = join(newFolder(), 'a.keyfold');
  const payload = await writeSealed(path);
  const length = readFileSync(path).length - payload.length;
  const handle = await open(path, 'r+');
  try {
    let reads = 0;
    const watched = new Proxy(handle, {
      get: (target, name) =>
        name !== 'read' ? (Reflect.get(target, name) as unknown) : async (...args: Parameters<FileHandle['read']>) => {
          if (reads++ < times) await target.write(Uint8Array.of(reads), 0, 1, 100);
          return await target.read(...args);
        },
    });
    return { header: await currentHeader(path, watched), length, path };
  } finally {
    await handle.close();
  }
}

it('a header that is written again and again is not read for ever: the error says what to do', async () => {
  // It ends in any case, so that a reader without a bound is seen to have none.
  const error = await failure(readWhileWritten(20_000), 'file-failed');
  expect(error.details.operation).toBe('read');
  expect(error.message).toContain(`header of ${error.details.path}`);
  expect(error.message).toMatch(/each of the 100 times .* stop it or wait for its end, and read again\.$/);
});

it('a header that comes to rest is read as it then is', async () => {
  const { header, length, path } = await readWhileWritten(50);
  expect(header).toEqual(new Uint8Array(readFileSync(path).subarray(0, length)));
});

it('a header is read whole, however little each read gives', async () => {
  const path = join(newFolder(), 'a.keyfold');
  const payload = await writeSealed(path);
  const header = readFileSync(path).subarray(0, -payload.length);
  const handle = await open(path, 'r');
  try {
    expect(Buffer.compare((await currentHeader(path, stingy(handle))) ?? new Uint8Array(0), header)).toBe(0);
    expect(await readBeginning(stingy(handle), path, 100)).toHaveLength(100);
    const size = header.length + payload.length;
    expect(await readBeginning(stingy(handle), path, size + 50)).toHaveLength(size);
  } finally {
    await handle.close();
  }
});
