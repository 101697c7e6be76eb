import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { invalidArgument } from '../errors/throw.js';
import { fileOperation } from './file-error.js';

/**
 * Opens a file of which parts are read. A pipe is refused before it is opened: that would wait for its writer, who may never
 * come. Throws `invalid-argument`, `file-failed`.
 */
export async function openSeekable(path: string): Promise<FileHandle> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFIFO() === true) {
    throw invalidArgument('path', `${path} is a pipe, of which no part can be read by itself; name a file, or read the pipe to its end.`);
  }
  return await fileOperation('open', path, open(path, 'r'));
}
