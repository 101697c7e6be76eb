import { open } from 'node:fs/promises';
import type { Limits } from '../format/limits.js';
import { fileOperation } from './file-error.js';

/**
 * The bytes of a detached header's file, and at most one more than a header may have: a file that is no header can be of
 * any size, and a device has no end. Throws `file-failed`.
 */
export async function readHeaderFile(path: string, limits: Limits): Promise<Uint8Array> {
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    const bytes = new Uint8Array(limits.headerBytes + 1);
    let filled = 0;
    while (filled < bytes.length) {
      // No position: a pipe has none.
      const reading = handle.read(bytes, filled, bytes.length - filled, null);
      const { bytesRead } = await fileOperation('read', path, reading);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
