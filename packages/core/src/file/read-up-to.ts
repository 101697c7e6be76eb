import type { FileHandle } from 'node:fs/promises';
import { fileOperation } from './file-error.js';

/**
 * Up to `length` bytes, fewer only where the file ends before: one read may give less than there is, and with some network
 * file systems it does. Throws `file-failed`.
 *
 * @param position - where to begin; `null` for what cannot be read anywhere but where it stands, such as a pipe
 */
export async function readUpTo(handle: FileHandle, path: string, position: number | null, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const reading = handle.read(bytes, filled, length - filled, position === null ? null : position + filled);
    const { bytesRead } = await fileOperation('read', path, reading);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
