import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { currentHeader } from '../../src/file/current-header.js';
import { failure } from '../support/failure.js';
import { newFolder } from './folders.js';
import { writeSealed } from './sealed-file.js';

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
