import type { Stats } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { toText } from '../format/text.js';
import { applyHeader, writeHeader } from './apply-header.js';
import { fileOperation } from './file-error.js';
import { HIGHEST_LIMITS } from './header-bytes.js';
import { readRecord } from './read-record.js';
import { belongsTo, heldHere, mayBeAlive, ownRecord, recordPath } from './rewrap-record.js';
import type { RewrapRecord } from './rewrap-record.js';
import { createRecord, replaceRecord } from './write-record.js';

/** The right to change a file's header, for one process at a time. */
export class RewrapLock {
  readonly #path: string;
  readonly #stats: Stats;
  readonly #takeOver: boolean;
  /** Where the record lies. */
  readonly #record: string;
  readonly #own: RewrapRecord = ownRecord();
  #unfinished = false;

  private constructor(path: string, stats: Stats, takeOver: boolean) {
    this.#path = path;
    this.#stats = stats;
    this.#takeOver = takeOver;
    this.#record = recordPath(path);
  }

  /** A name beside the file that only whoever holds the lock uses, and that the next one removes. */
  get temporary(): string {
    return `${this.#record}.new`;
  }

  /**
   * Takes the lock, and first finishes what a process that died left behind.
   *
   * @param takeOver - also from a process that may be at work: only the caller knows that it is not
   * @throws `file-busy`, `file-failed`
   */
  static async take(path: string, stats: Stats, takeOver: boolean): Promise<RewrapLock> {
    const lock = new RewrapLock(path, stats, takeOver);
    if (heldHere.has(lock.#record)) throw busy(path, lock.#own);
    heldHere.add(lock.#record);
    try {
      while (!(await createRecord(lock.#record, lock.#own, stats))) await lock.#inherit(lock.#record);
    } catch (error) {
      heldHere.delete(lock.#record);
      throw error;
    }
    try {
      await lock.#tidyUp();
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Records the new header on disk, which makes it the file's header even if the process dies, and then writes it into
   * the file. Throws `file-failed`, and the record then stays, for the next rewrap to finish; `file-busy` when somebody
   * took over.
   */
  async replaceHeader(handle: FileHandle, header: Uint8Array): Promise<void> {
    const found = await readRecord(this.#record, this.#stats);
    if (found?.token !== this.#own.token) throw busy(this.#path, found ?? this.#own);
    const text = toText(header, { limits: HIGHEST_LIMITS });
    await replaceRecord(this.#record, { ...this.#own, header: text }, this.#stats);
    this.#unfinished = true;
    await writeHeader(handle, this.#path, header);
    this.#unfinished = false;
  }

  /** Gives the lock back. Throws `file-failed`. */
  async release(): Promise<void> {
    try {
      if (this.#unfinished) return;
      // Somebody may have taken over; then it is theirs.
      if ((await readRecord(this.#record, this.#stats))?.token === this.#own.token) await remove(this.#record);
    } finally {
      // Not before: the next one here would take the record for a dead one's, put its own in the place, and lose that.
      heldHere.delete(this.#record);
    }
  }

  /**
   * Finishes what a dead process left behind in a record, and removes the record. Of several that try, one succeeds in
   * creating the claim that bears the record's token; a record that has come since has another token, so nobody takes a
   * living one for the dead one that was there. Throws `file-busy` if the process may live, `file-failed`.
   *
   * @param file - a record, or a claim whose holder died in turn
   */
  async #inherit(file: string): Promise<void> {
    const record = await readRecord(file, this.#stats);
    if (record === undefined) return;
    if (mayBeAlive(record) && !this.#takeOver) throw busy(this.#path, record);
    const claim = `${this.#record}.${record.token}`;
    if (!(await createRecord(claim, this.#own, this.#stats))) {
      await this.#inherit(claim);
      return;
    }
    try {
      if ((await readRecord(file, this.#stats))?.token !== record.token) return;
      if (record.header !== undefined) await applyHeader(this.#path, record.header);
      await remove(file);
    } finally {
      await remove(claim);
    }
  }

  /** Removes what was left behind by processes that were killed. Records that are not finished may be somebody's: see `createRecord`. */
  async #tidyUp(): Promise<void> {
    const folder = dirname(this.#record);
    const names = await fileOperation('list', folder, readdir(folder));
    const own = `${this.#record}.${this.#own.token}`;
    for (const name of names) if (belongsTo(this.#record, name) && join(folder, name) !== own) await remove(join(folder, name));
  }
}

async function remove(path: string): Promise<void> {
  await fileOperation('remove', path, rm(path, { force: true }));
}

function busy(path: string, { host, pid }: RewrapRecord): KeyfoldError<'file-busy'> {
  const message =
    `${path} is being rewrapped by process ${pid} on ${host}. Try again when it has ended; if it is gone for good, take over.`;
  return new KeyfoldError('file-busy', message, { path, host, pid });
}
