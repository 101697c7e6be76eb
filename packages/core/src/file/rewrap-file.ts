import type { RewrapOptions } from '../rewrap/rewrap-options.js';
import { rewrap } from '../rewrap/rewrap.js';
import { changeFile } from './change-file.js';
import type { ChangeFileOptions, FileRewrapResult } from './change-file.js';

/** What rewrapping a file takes. */
export interface RewrapFileOptions extends RewrapOptions, ChangeFileOptions {}

/**
 * Rewraps an envelope in a file, or a detached header in one. A header that keeps its length, which padding makes
 * likely, is replaced in place whatever the file's size; else the file is written anew.
 *
 * Either way the file can be opened at every moment, also after a power loss: the new header is on disk beside the file
 * before the old one is touched, and everything here that reads envelopes in files looks there. One process at a time
 * rewraps a file; what one that was killed has left behind, the next one finishes and clears away.
 *
 * @throws as `rewrap`, and `file-busy`, `file-failed`, `payload-mismatch`, `truncated`
 * @example
 * ```ts
 * await rewrapFile('report.pdf.keyfold', { keyring: oldKey, wrapWith: newKey, remove: [{ provider: 'local-raw', keyId: 'old' }] });
 * ```
 */
export async function rewrapFile(path: string | URL, options: RewrapFileOptions): Promise<FileRewrapResult> {
  return await changeFile(path, options, async (header) => await rewrap(header, options));
}
