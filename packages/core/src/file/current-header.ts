import type { FileHandle } from 'node:fs/promises';
import { compareBytes } from '../format/strings.js';
import { ifMatching } from './apply-header.js';
import { readHeaderBytes } from './header-bytes.js';
import { resolveTarget } from './resolve-target.js';
import { readRecord, recordPath } from './rewrap-record.js';

/**
 * The header of an open file, whatever a rewrap is doing to it or has left behind: the one that it has decided on, or
 * else the file's own, read at a moment in which nobody wrote it. `undefined` where the file does not begin with one.
 *
 * Throws `file-failed`.
 */
export async function currentHeader(path: string, handle: FileHandle): Promise<Uint8Array | undefined> {
  const record = recordPath(await resolveTarget(path));
  for (;;) {
    const found = await readHeaderBytes(handle, path);
    const decided = (await readRecord(record))?.header;
    const header = decided === undefined ? undefined : ifMatching(decided, found);
    if (header !== undefined) return header;
    // A rewrap may have begun and ended since: then what was found is a mixture, and differs from what is there now.
    const again = await readHeaderBytes(handle, path);
    if (areSame(found, again)) return found;
  }
}

function areSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compareBytes(a, b) === 0;
}
