import { invalidArgument } from '../errors/throw.js';
import type { RangeSource } from '../range/range-source.js';
import { currentHeader } from './current-header.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';
import { openSeekable } from './open-seekable.js';
import { readUpTo } from './read-up-to.js';

/** Ranges of an open file. Whoever opened it closes it. */
export interface FileRangeSource extends RangeSource {
  close(): Promise<void>;
}

/**
 * Opens a file for `openEnvelope`.
 *
 * @throws `invalid-argument`, `file-failed`
 * @example
 * ```ts
 * const file = await openFileSource('video.keyfold');
 * const video = await openEnvelope(file, { keyring });
 * const beginning = await video.read(0, 16);
 * video.close();
 * await file.close();
 * ```
 */
export async function openFileSource(path: string | URL): Promise<FileRangeSource> {
  const file = pathOf(path, 'path');
  const handle = await openSeekable(file);
  try {
    const stats = await fileOperation('look at', file, handle.stat());
    if (!stats.isFile()) throw invalidArgument('path', `${file} is not a regular file; only those can be read in parts.`);
    const header = (await currentHeader(file, handle)) ?? new Uint8Array(0);
    return {
      size: stats.size,
      async read(offset, length) {
        const bytes = await readUpTo(handle, file, offset, length);
        if (offset < header.length) bytes.set(header.subarray(offset, offset + bytes.length));
        return bytes;
      },
      close: async () => {
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
