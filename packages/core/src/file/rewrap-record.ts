import { createHash, randomBytes } from 'node:crypto';
import { hostname, uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { codeOf } from './file-error.js';

/**
 * What lies beside a file while it is rewrapped: who does it, and from the moment at which a new header is to be written
 * in place, that header. It is the lock that keeps others away and the journal that makes the change safe against a power
 * loss: while it holds a header, that header is the file's, whatever state the file's own is in.
 */
export interface RewrapRecord {
  readonly host: string;
  readonly pid: number;
  /** The thread within the process. */
  readonly thread: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** 16 hexadecimal digits that no other record has. */
  readonly token: string;
  /** The new header in its text form, once it is decided. */
  readonly header?: string;
}

/** What somebody has created and not written yet: it holds no header, and its writer may be anybody. */
export const BEGUN: RewrapRecord = { host: 'unknown', pid: 0, thread: 0, startedAt: 0, token: '0'.repeat(16) };

/** Bytes of a file's name that leave room for what records put around it: a name has at most 255. */
const MAX_NAME_BYTES = 180;

/** Where the record of a file lies, whose path has no links in it. */
export function recordPath(path: string): string {
  return join(dirname(path), `.${shortened(basename(path))}.keyfold-rewrap`);
}

/** Whether a name in a record's folder belongs to it: claims, which end in the token of another record, and unfinished files. */
export function belongsTo(record: string, name: string): boolean {
  const prefix = `${basename(record)}.`;
  return name.startsWith(prefix) && /^([0-9a-f]{16}(\.[0-9a-f]{16})?(\.tmp)?|new)$/.test(name.slice(prefix.length));
}

/** A new record of this process. */
export function ownRecord(): RewrapRecord {
  const token = randomBytes(8).toString('hex');
  return { host: hostname(), pid: process.pid, thread: threadId, startedAt: Date.now(), token };
}

/**
 * Paths of the records that this thread holds: it looks here before it looks at a file. Two installed copies of this
 * package share them.
 */
export const heldHere: Set<string> = sharedSet(Symbol.for('@keyfold/core/rewrap-records'));

/**
 * Whether whoever wrote a record may still be at work. On another host, or in another thread, nobody can tell; one of this
 * thread that it does not hold is what a failed write left behind.
 */
export function mayBeAlive(record: RewrapRecord): boolean {
  if (record === BEGUN || record.host !== hostname()) return true;
  if (record.pid === process.pid) return record.thread !== threadId;
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

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  return `${name.slice(0, 30)}.${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

function sharedSet(key: symbol): Set<string> {
  const shared = globalThis as unknown as Record<symbol, Set<string> | undefined>;
  return (shared[key] ??= new Set());
}
