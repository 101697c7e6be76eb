import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { parseDetachedHeader } from '../format/header.js';
import { compareBytes } from '../format/strings.js';
import { fromText } from '../format/text.js';
import { codeOf, fileOperation } from './file-error.js';
import { readRecord, recordPath } from './rewrap-record.js';

/** Whoever wrote the record had other caps; the format's own is the highest. */
const LIMITS = { headerBytes: 1_048_576, contextEntries: 65_535, contextBytes: 1_048_576 };

/**
 * The header that a rewrap in progress has decided on for a file, or `undefined`. It counts only if everything before its
 * wrapping is what the file begins with: then the payload is its own, and only the wrapping can be in between.
 */
export async function decidedHeader(path: string, handle: FileHandle): Promise<Uint8Array | undefined> {
  const text = (await readRecord(recordPath(path)))?.header;
  return text === undefined ? undefined : await matchingHeader(text, path, handle);
}

/** Writes a decided header over a file's own, if it is its own still. Throws `file-failed`. */
export async function applyHeader(path: string, text: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r+');
  } catch (error) {
    // The file is gone, and with it what there was to do.
    if (codeOf(error) === 'ENOENT') return;
    await fileOperation('open', path, Promise.reject(error as Error)); return;
  }
  try {
    const header = await matchingHeader(text, path, handle);
    if (header !== undefined) await writeHeader(handle, path, header);
  } finally {
    await handle.close();
  }
}

/** Writes a header of unchanged length in place, from its wrapping on, and syncs it. Returns the bytes written. */
export async function writeHeader(handle: FileHandle, path: string, header: Uint8Array): Promise<number> {
  const { wrappingOffset } = parseDetachedHeader(header, LIMITS);
  let written = wrappingOffset;
  while (written < header.length) {
    const writing = handle.write(header, written, header.length - written, written);
    written += (await fileOperation('write', path, writing)).bytesWritten;
  }
  await fileOperation('sync', path, handle.sync());
  return header.length - wrappingOffset;
}

async function matchingHeader(text: string, path: string, handle: FileHandle): Promise<Uint8Array | undefined> {
  const bytes = fromText(text, { limits: LIMITS });
  const { wrappingOffset } = parseDetachedHeader(bytes, LIMITS);
  const reading = handle.read(new Uint8Array(wrappingOffset), 0, wrappingOffset, 0);
  const { bytesRead, buffer } = await fileOperation('read', path, reading);
  const same = bytesRead === wrappingOffset && compareBytes(buffer, bytes.subarray(0, wrappingOffset)) === 0;
  return same ? bytes : undefined;
}
