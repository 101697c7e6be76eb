import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { parseDetachedHeader } from '../format/header.js';
import { compareBytes } from '../format/strings.js';
import { fromText } from '../format/text.js';
import { codeOf, fileOperation } from './file-error.js';
import { HIGHEST_LIMITS, readHeaderBytes } from './header-bytes.js';

/** Writes a decided header over a file's own, if it is its own still. Throws `file-failed`. */
export async function applyHeader(path: string, text: string): Promise<void> {
  const handle = await openIfThere(path);
  if (handle === undefined) return;
  try {
    const header = ifMatching(text, await readHeaderBytes(handle, path));
    if (header !== undefined) await writeHeader(handle, path, header);
  } finally {
    await handle.close();
  }
}

/** Writes a header of unchanged length in place, from its wrapping on, and syncs it. Throws `file-failed`. */
export async function writeHeader(handle: FileHandle, path: string, header: Uint8Array): Promise<void> {
  let written = parseDetachedHeader(header, HIGHEST_LIMITS).wrappingOffset;
  while (written < header.length) {
    const writing = handle.write(header, written, header.length - written, written);
    written += (await fileOperation('write', path, writing)).bytesWritten;
  }
  await fileOperation('sync', path, handle.sync());
}

/**
 * A decided header, if everything before its wrapping is what the file begins with: then the payload is its own, and only
 * the wrapping can be in between.
 */
export function ifMatching(text: string, found: Uint8Array | undefined): Uint8Array | undefined {
  const header = fromText(text, { limits: HIGHEST_LIMITS });
  const { wrappingOffset } = parseDetachedHeader(header, HIGHEST_LIMITS);
  if (found?.length !== header.length) return undefined;
  return compareBytes(found.subarray(0, wrappingOffset), header.subarray(0, wrappingOffset)) === 0 ? header : undefined;
}

/** The file may be gone, and with it what there was to do. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return await fileOperation('open', path, Promise.reject(error as Error));
  }
}
