import type { FileHandle } from 'node:fs/promises';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { compareBytes } from '../format/strings.js';
import { ifMatching } from './apply-header.js';
import { fileOperation } from './file-error.js';
import { readHeaderBytes } from './header-bytes.js';
import { readRecord } from './read-record.js';
import { resolveTarget } from './resolve-target.js';
import { recordPath } from './rewrap-record.js';

/** How often a header is read that changes every time. A rewrap takes many times as long as two readings. */
const MAX_READINGS = 100;

/**
 * The header of an open file, whatever a rewrap is doing to it or has left behind: the one that it has decided on, or
 * else the file's own, read at a moment in which nobody wrote it. `undefined` where the file does not begin with one.
 *
 * Throws `file-failed`, also when somebody writes the header again and again without pause.
 */
export async function currentHeader(path: string, handle: FileHandle): Promise<Uint8Array | undefined> {
  // Where a name is no text, nothing here has rewrapped the file.
  const record = await resolveTarget(path).then(recordPath, () => undefined);
  const stats = await fileOperation('look at', path, handle.stat());
  for (let readings = 0; readings < MAX_READINGS; readings++) {
    const found = await readHeaderBytes(handle, path);
    const decided = record === undefined ? undefined : (await readRecord(record, stats))?.header;
    const header = decided === undefined ? undefined : ifMatching(decided, found);
    if (header !== undefined) return header;
    // A rewrap may have begun and ended since: then what was found is a mixture, and differs from what is there now.
    const again = await readHeaderBytes(handle, path);
    if (areSame(found, again)) return found;
  }
  const message =
    `Could not read the header of ${path}: somebody wrote it anew each of the ${MAX_READINGS} times that it was read. ` +
    'Find out what rewraps the file without pause, stop it or wait for its end, and read again.';
  throw new KeyfoldError('file-failed', message, { path, operation: 'read' });
}

function areSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compareBytes(a, b) === 0;
}
