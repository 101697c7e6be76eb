import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { throwIfAborted } from '../cancellation/abortable.js';
import { invalidArgument } from '../errors/throw.js';
import { MESSAGE_ID_LENGTH, PRELUDE_LENGTH } from '../format/constants.js';
import { parseDetachedHeader } from '../format/header.js';
import { peekHeaderLength } from '../format/prelude.js';
import { assertSameMessage } from '../message/message-id.js';
import type { DecryptOptions } from '../message/options.js';
import { assertBoolean, resolveRewrapOptions } from '../rewrap/rewrap-options.js';
import type { RewrapResult } from '../rewrap/rewrap.js';
import { currentHeader } from './current-header.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';
import { readBeginning } from './header-bytes.js';
import { openSeekable } from './open-seekable.js';
import { resolveTarget } from './resolve-target.js';
import { RewrapLock } from './rewrap-lock.js';
import { UnchangedFile } from './unchanged-file.js';
import { writeAnew } from './write-anew.js';

/** How the header of a file is changed. */
export interface ChangeFileOptions {
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

/** What is done to the header of a file. */
type Change = (header: Uint8Array) => Promise<RewrapResult>;

/** Does it to the header of a file, as safely as `rewrapFile` says. */
export async function changeFile(path: string | URL, options: DecryptOptions & ChangeFileOptions, change: Change): Promise<FileRewrapResult> {
  const file = await resolveTarget(pathOf(path, 'path'));
  const { signal } = resolveRewrapOptions(options);
  const takeOver = assertBoolean(options.takeOver ?? false, 'options.takeOver');
  if (assertBoolean(options.dryRun ?? false, 'options.dryRun')) return await tryOut(file, options, change);
  const stats = await fileOperation('look at', file, stat(file));
  if (!stats.isFile()) throw invalidArgument('path', `${file} is not a regular file; only those can be rewrapped.`);
  const lock = await RewrapLock.take(file, stats, takeOver);
  try {
    throwIfAborted(signal);
    return await UnchangedFile.with(file, async (opened) => await changeOpen(opened, lock, options, change));
  } finally {
    await lock.release();
  }
}

async function tryOut(file: string, options: DecryptOptions, change: Change): Promise<FileRewrapResult> {
  const handle = await openSeekable(file);
  try {
    const current = await readHeader(handle, file, options, await currentHeader(file, handle));
    const { header: _header, ...result } = await change(current);
    return { ...result, written: 'untouched' };
  } finally {
    await handle.close();
  }
}

async function changeOpen(file: UnchangedFile, lock: RewrapLock, options: DecryptOptions, change: Change): Promise<FileRewrapResult> {
  const current = await readHeader(file.handle, file.path, options);
  const { header, ...result } = await change(current);
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
  options: DecryptOptions,
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
