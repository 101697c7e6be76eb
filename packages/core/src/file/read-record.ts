import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { codeOf, fileOperation } from './file-error.js';
import { BEGUN } from './rewrap-record.js';
import type { RewrapRecord } from './rewrap-record.js';

/**
 * The record at a path, or `undefined` if there is none. One that is nobody's who may write the file beside it counts as
 * begun and never written: it holds others off, and nothing in it is believed. Throws `file-failed`, also for one that makes
 * no sense.
 */
export async function readRecord(path: string, beside: Ownership): Promise<RewrapRecord | undefined> {
  let handle: FileHandle;
  try {
    // Neither follows a link nor waits for a pipe that somebody put there instead. Windows has neither flag, which adds nothing.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') return BEGUN;
    return await fileOperation('read', path, Promise.reject(error as Error));
  }
  try {
    const stats = await fileOperation('look at', path, handle.stat());
    if (!stats.isFile() || stats.size === 0 || !isByWriter(stats, beside)) return BEGUN;
    const text = await fileOperation('read', path, handle.readFile('utf8'));
    return await fileOperation('understand', path, Promise.resolve(text).then(parseRecord));
  } finally {
    await handle.close();
  }
}

/** Whose a file is, and what others may do with it. */
export type Ownership = Pick<Stats, 'uid' | 'gid' | 'mode'>;

/**
 * Whether a record is by somebody who may write the file that it lies beside. In a folder into which everybody may put
 * files, such as `/tmp`, one by anybody else would have its header written over the file's own.
 */
export function isByWriter(record: Ownership, file: Ownership, self: number | undefined = process.geteuid?.()): boolean {
  if (record.uid === file.uid || record.uid === 0 || record.uid === self) return true;
  // Only who is in a group can give it a file.
  return (file.mode & 0o002) !== 0 || ((file.mode & 0o020) !== 0 && record.gid === file.gid);
}

function parseRecord(text: string): RewrapRecord {
  const { host, pid, thread, startedAt, token, header } = objectIn(text);
  if (
    typeof host === 'string' &&
    typeof pid === 'number' &&
    typeof thread === 'number' &&
    typeof startedAt === 'number' &&
    typeof token === 'string' &&
    /^[0-9a-f]{16}$/.test(token)
  ) {
    const record = { host, pid, thread, startedAt, token };
    return typeof header === 'string' ? { ...record, header } : record;
  }
  throw new Error('it is no record of a rewrap; move it away, and delete it if the envelope beside it opens then');
}

/** The fields of a text in JSON, none if it is not such. */
function objectIn(text: string): Partial<Record<keyof RewrapRecord, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<Record<keyof RewrapRecord, unknown>>;
  } catch {
    return {};
  }
}
