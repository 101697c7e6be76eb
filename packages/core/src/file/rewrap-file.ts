import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { MESSAGE_ID_LENGTH, PRELUDE_LENGTH } from '../format/constants.js';
import { parseDetachedHeader } from '../format/header.js';
import { peekHeaderLength } from '../format/prelude.js';
import { assertSameMessage } from '../message/message-id.js';
import { resolveRewrapOptions } from '../rewrap/rewrap-options.js';
import type { RewrapOptions } from '../rewrap/rewrap-options.js';
import { rewrap } from '../rewrap/rewrap.js';
import type { RewrapResult } from '../rewrap/rewrap.js';
import { decidedHeader } from './apply-header.js';
import { AtomicFile, publishAll } from './atomic-file.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';
import { readPieces } from './read-pieces.js';
import { resolveTarget } from './resolve-target.js';
import { RewrapLock } from './rewrap-lock.js';

/** What rewrapping a file takes. */
export interface RewrapFileOptions extends RewrapOptions {
  /** Find out what would change, with every call to a KMS that it takes, and write nothing. Default `false`. */
  readonly dryRun?: boolean;
  /** Finish, in its place, what a process on another host began, when that host is gone for good. Default `false`. */
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
 * rewraps a file.
 *
 * @throws as `rewrap`, and `file-busy`, `file-failed`, `payload-mismatch`, `truncated`
 * @example
 * ```ts
 * await rewrapFile('report.pdf.keyfold', { keyring: oldKey, wrapWith: newKey, remove: [{ provider: 'local-raw', keyId: 'old' }] });
 * ```
 */
export async function rewrapFile(path: string | URL, options: RewrapFileOptions): Promise<FileRewrapResult> {
  const file = await resolveTarget(pathOf(path, 'path'));
  resolveRewrapOptions(options);
  if (options.dryRun === true) return await withFile(file, 'r', async (handle) => await tryOut(handle, file, options));
  const lock = await RewrapLock.take(file, options.takeOver ?? false);
  try {
    return await withFile(file, 'r+', async (handle) => await rewrapOpen(handle, file, lock, options));
  } finally {
    await lock.release();
  }
}

async function withFile<T>(file: string, flags: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await fileOperation('open', file, open(file, flags));
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function tryOut(handle: FileHandle, file: string, options: RewrapFileOptions): Promise<FileRewrapResult> {
  const current = (await decidedHeader(file, handle)) ?? (await readHeader(handle, file, options));
  const { header: _header, ...result } = await rewrap(current, options);
  return { ...result, written: 'untouched' };
}

async function rewrapOpen(
  handle: FileHandle,
  file: string,
  lock: RewrapLock,
  options: RewrapFileOptions,
): Promise<FileRewrapResult> {
  const current = await readHeader(handle, file, options);
  const { header, ...result } = await rewrap(current, options);
  if (!result.changed) return { ...result, written: 'untouched' };
  const { size } = await fileOperation('look at', file, handle.stat());
  if (header.length === current.length && size > current.length) {
    await lock.replaceHeader(handle, header);
    return { ...result, written: 'in-place' };
  }
  await writeAnew(handle, file, header, current.length);
  return { ...result, written: 'rewritten' };
}

/** The header of an open file, and a look at the payload behind it: it must be of the same message. */
async function readHeader(handle: FileHandle, file: string, options: RewrapFileOptions): Promise<Uint8Array> {
  const { limits } = resolveRewrapOptions(options);
  const read = async (length: number): Promise<Uint8Array> => {
    const reading = handle.read(new Uint8Array(length), 0, length, 0);
    const { bytesRead, buffer } = await fileOperation('read', file, reading);
    return buffer.subarray(0, bytesRead);
  };
  const length = peekHeaderLength(await read(PRELUDE_LENGTH), limits) ?? PRELUDE_LENGTH;
  const beginning = await read(length + MESSAGE_ID_LENGTH);
  const header = beginning.subarray(0, length);
  const parsed = parseDetachedHeader(header, limits);
  if (beginning.length > length) assertSameMessage(parsed, beginning.subarray(length));
  return header;
}

/** Writes header and payload under a temporary name, and renames that. */
async function writeAnew(handle: FileHandle, file: string, header: Uint8Array, oldLength: number): Promise<void> {
  const target = await AtomicFile.open(file, { overwrite: true, mode: 0o666 });
  try {
    await target.writer.write(header);
    for await (const piece of readPieces(handle, file, oldLength)) await target.writer.write(new Uint8Array(piece));
    await publishAll([target]);
  } finally {
    await target.discard();
  }
}
