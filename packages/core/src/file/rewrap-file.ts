import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { throwIfAborted } from '../cancellation/abortable.js';
import { invalidArgument } from '../errors/throw.js';
import { MESSAGE_ID_LENGTH, PRELUDE_LENGTH } from '../format/constants.js';
import { parseDetachedHeader } from '../format/header.js';
import { peekHeaderLength } from '../format/prelude.js';
import { assertSameMessage } from '../message/message-id.js';
import { assertBoolean, resolveRewrapOptions } from '../rewrap/rewrap-options.js';
import type { RewrapOptions } from '../rewrap/rewrap-options.js';
import { rewrap } from '../rewrap/rewrap.js';
import type { RewrapResult } from '../rewrap/rewrap.js';
import { currentHeader } from './current-header.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';
import { readBeginning } from './header-bytes.js';
import { resolveTarget } from './resolve-target.js';
import { RewrapLock } from './rewrap-lock.js';
import { UnchangedFile } from './unchanged-file.js';
import { writeAnew } from './write-anew.js';

/** What rewrapping a file takes. */
export interface RewrapFileOptions extends RewrapOptions {
  /** Find out what would change, with every call to a KMS that it takes, and write nothing. Default `false`. */
  readonly dryRun?: boolean;
  /**
   * Finish, in its place, what another process began that cannot be seen to have ended: it ran on another host, or another
   * process has its number now. Only when it is gone for good: two at work on one file may spoil it. Default `false`.
   */
  readonly takeOver?: boolean;
}

/** The result of rewrapping a file. */
export interface FileRewrapResult extends Omit<RewrapResult, 'header'> {
  /**
   * `in-place`: only the header was written; `rewritten`: the header changed its length, so the file was written anew;
   * `untouched`: nothing changed, or it was a dry run.
   */
  readonly written: 'in-place' | 'rewritten' | 'untouched';
}

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
  const file = await resolveTarget(pathOf(path, 'path'));
  const { signal } = resolveRewrapOptions(options);
  const takeOver = assertBoolean(options.takeOver ?? false, 'options.takeOver');
  if (assertBoolean(options.dryRun ?? false, 'options.dryRun')) return await tryOut(file, options);
  const stats = await fileOperation('look at', file, stat(file));
  if (!stats.isFile()) throw invalidArgument('path', `${file} is not a regular file; only those can be rewrapped.`);
  const lock = await RewrapLock.take(file, stats, takeOver);
  try {
    throwIfAborted(signal);
    return await UnchangedFile.with(file, async (opened) => await rewrapOpen(opened, lock, options));
  } finally {
    await lock.release();
  }
}

async function tryOut(file: string, options: RewrapFileOptions): Promise<FileRewrapResult> {
  const handle = await fileOperation('open', file, open(file, 'r'));
  try {
    const current = await readHeader(handle, file, options, await currentHeader(file, handle));
    const { header: _header, ...result } = await rewrap(current, options);
    return { ...result, written: 'untouched' };
  } finally {
    await handle.close();
  }
}

async function rewrapOpen(file: UnchangedFile, lock: RewrapLock, options: RewrapFileOptions): Promise<FileRewrapResult> {
  const current = await readHeader(file.handle, file.path, options);
  const { header, ...result } = await rewrap(current, options);
  if (!result.changed) return { ...result, written: 'untouched' };
  if (header.length === current.length && file.size > current.length) {
    await file.assertUnchanged();
    await lock.replaceHeader(file.handle, header);
    return { ...result, written: 'in-place' };
  }
  const { signal } = resolveRewrapOptions(options);
  await writeAnew(file, { header, oldLength: current.length, temporary: lock.temporary }, signal);
  return { ...result, written: 'rewritten' };
}

/**
 * The header of an open file, and a look at the payload behind it: it must be of the same message.
 *
 * @param current - what counts as the header, where it is not the file's own
 */
async function readHeader(
  handle: FileHandle,
  file: string,
  options: RewrapFileOptions,
  current?: Uint8Array,
): Promise<Uint8Array> {
  const { limits } = resolveRewrapOptions(options);
  const claimed = peekHeaderLength(await readBeginning(handle, file, PRELUDE_LENGTH), limits) ?? 0;
  const length = Math.max(PRELUDE_LENGTH, claimed);
  const beginning = await readBeginning(handle, file, length + MESSAGE_ID_LENGTH);
  const header = current ?? beginning.subarray(0, length);
  const parsed = parseDetachedHeader(header, limits);
  if (beginning.length > length) assertSameMessage(parsed, beginning.subarray(length));
  return header;
}
