import { readFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { codeOf, fileOperation } from './file-error.js';

/**
 * What lies beside a file while it is rewrapped in place: who does it, and from the moment at which the new header is
 * decided, that header. It is the lock that keeps others away and the journal that makes the change safe against a
 * power loss: while it holds a header, that header is the file's, whatever state the file's own is in.
 */
export interface RewrapRecord {
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The new header in its text form, once it is decided. */
  readonly header?: string;
}

/** Where the record of a file lies. */
export function recordPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.keyfold-rewrap`);
}

/** A record of this process. */
export function ownRecord(header?: string): RewrapRecord {
  const record = { host: hostname(), pid: process.pid, startedAt: Date.now() };
  return header === undefined ? record : { ...record, header };
}

/** The record at a path, or `undefined` if there is none. Throws `file-failed`, also for one that makes no sense. */
export async function readRecord(path: string): Promise<RewrapRecord | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    return await fileOperation('read', path, Promise.reject(error as Error));
  }
  return await fileOperation('understand', path, Promise.resolve(text).then(parseRecord));
}

/** Paths of the records that this process holds: it looks here before it looks at a file. */
export const heldHere: Set<string> = new Set();

/**
 * Whether whoever wrote a record may still be at work. On another host, nobody can tell; one of this process that it
 * does not hold is what a failed write left behind.
 */
export function mayBeAlive(record: RewrapRecord): boolean {
  if (record.host !== hostname()) return true;
  if (record.pid === process.pid) return false;
  const bootedAt = Date.now() - uptime() * 1000;
  // A minute for clocks that were set meanwhile.
  if (record.startedAt < bootedAt - 60_000) return false;
  try {
    process.kill(record.pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function parseRecord(text: string): RewrapRecord {
  const { host, pid, startedAt, header } = JSON.parse(text) as Partial<RewrapRecord>;
  if (typeof host !== 'string' || !Number.isInteger(pid) || typeof startedAt !== 'number') {
    throw new Error('it is not a record of Keyfold');
  }
  const record = { host, pid: pid as number, startedAt };
  return typeof header === 'string' ? { ...record, header } : record;
}
