import { randomBytes } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import { toText } from '../format/text.js';
import { applyHeader, writeHeader } from './apply-header.js';
import { syncFolder, writeAtomically } from './atomic-file.js';
import { codeOf, fileOperation } from './file-error.js';
import { heldHere, mayBeAlive, ownRecord, readRecord, recordPath } from './rewrap-record.js';
import type { RewrapRecord } from './rewrap-record.js';

const MODE = 0o600;

/** The right to change a file's header, for one process at a time. */
export class RewrapLock {
  readonly #path: string;
  readonly #record: string;
  #unfinished = false;

  private constructor(path: string) {
    this.#path = path;
    this.#record = recordPath(path);
  }

  /**
   * Takes the lock, and first finishes what a process that died left behind.
   *
   * @param takeOver - also from a process on another host, which may be at work: only its owner knows
   * @throws `file-busy`, `file-failed`
   */
  static async take(path: string, takeOver: boolean): Promise<RewrapLock> {
    const lock = new RewrapLock(path);
    if (heldHere.has(lock.#record)) throw busy(path, ownRecord());
    heldHere.add(lock.#record);
    try {
      await lock.#create(takeOver);
    } catch (error) {
      heldHere.delete(lock.#record);
      throw error;
    }
    try {
      for (const claimed of await lock.#claimedRecords()) await lock.#inherit(claimed, takeOver);
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Records the new header on disk, which makes it the file's header even if the process dies, and then writes it into
   * the file. Throws `file-failed`; the record then stays, for the next rewrap to finish.
   */
  async replaceHeader(handle: FileHandle, header: Uint8Array): Promise<void> {
    await this.#write(header, true);
    this.#unfinished = true;
    await writeHeader(handle, this.#path, header);
    this.#unfinished = false;
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    heldHere.delete(this.#record);
    if (this.#unfinished) return;
    await fileOperation('remove', this.#record, rm(this.#record, { force: true }));
    await syncFolder(dirname(this.#record));
  }

  /** Creates the record, which only one can. What a dead process left there is finished first. */
  async #create(takeOver: boolean): Promise<void> {
    for (;;) {
      try {
        await this.#write(undefined, false);
        return;
      } catch (error) {
        if (!isKeyfoldError(error, 'file-exists')) throw error;
        await this.#inherit(this.#record, takeOver);
      }
    }
  }

  async #write(header: Uint8Array | undefined, overwrite: boolean): Promise<void> {
    const record = ownRecord(header === undefined ? undefined : toText(header, { limits: { headerBytes: 1_048_576 } }));
    await writeAtomically(this.#record, new TextEncoder().encode(JSON.stringify(record)), { overwrite, mode: MODE });
  }

  /** Finishes what a dead process left behind in a record, and removes the record. Throws `file-busy` if it may live. */
  async #inherit(recordFile: string, takeOver: boolean): Promise<void> {
    const record = await readRecord(recordFile);
    if (record === undefined) return;
    if (mayBeAlive(record) && !(takeOver && record.host !== ownRecord().host)) throw busy(this.#path, record);
    // Of several that try, one succeeds in renaming it; the others find it gone and come back.
    const claimed = `${this.#record}.${process.pid}.${randomBytes(6).toString('hex')}`;
    try {
      await rename(recordFile, claimed);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      await fileOperation('rename', recordFile, Promise.reject(error as Error));
    }
    if (record.header !== undefined) await applyHeader(this.#path, record.header);
    await fileOperation('remove', claimed, rm(claimed, { force: true }));
    await syncFolder(dirname(claimed));
  }

  /** Records whose inheritor died in turn. */
  async #claimedRecords(): Promise<string[]> {
    const folder = dirname(this.#record);
    const names = await fileOperation('list', folder, readdir(folder));
    const prefix = `${basename(this.#record)}.`;
    return names.filter((name) => name.startsWith(prefix)).map((name) => join(folder, name));
  }
}

function busy(path: string, { host, pid }: RewrapRecord): KeyfoldError<'file-busy'> {
  const message =
    `${path} is being rewrapped by process ${pid} on ${host}. Try again when it has ended; if that host is gone for ` +
    'good, take over.';
  return new KeyfoldError('file-busy', message, { path, host, pid });
}
