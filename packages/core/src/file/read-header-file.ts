import { open } from 'node:fs/promises';
import type { Limits } from '../format/limits.js';
import { fileOperation } from './file-error.js';
import { readUpTo } from './read-up-to.js';

/**
 * The bytes of a detached header's file, and at most one more than a header may have: a file that is no header can be of
 * any size, and a device has no end. Throws `file-failed`.
 */
export async function readHeaderFile(path: string, limits: Limits): Promise<Uint8Array> {
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    // No position: a pipe has none.
    return await readUpTo(handle, path, null, limits.headerBytes + 1);
  } finally {
    await handle.close();
  }
}
