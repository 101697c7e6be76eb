import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileOperation } from './file-error.js';

/** What changes when a file is written or replaced. */
const TELLING = ['dev', 'ino', 'size', 'mtimeNs'] as const;

/** A file that is open for a change, for which it must stay what it was when it was opened: keyrings may take their time. */
export class UnchangedFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly #stats: BigIntStats;

  private constructor(handle: FileHandle, path: string, stats: BigIntStats) {
    this.handle = handle;
    this.path = path;
    this.#stats = stats;
  }

  /** Opens a file, and closes it when `use` has ended. Throws `file-failed`. */
  static async with<T>(path: string, use: (file: UnchangedFile) => Promise<T>): Promise<T> {
    const handle = await fileOperation('open', path, open(path, 'r+'));
    try {
      return await use(new UnchangedFile(handle, path, await fileOperation('look at', path, handle.stat({ bigint: true }))));
    } finally {
      await handle.close();
    }
  }

  /** In bytes. */
  get size(): number {
    return Number(this.#stats.size);
  }

  /** Throws `file-failed` when somebody else has written the file, or has put another in its place. */
  async assertUnchanged(): Promise<void> {
    const now = await fileOperation('look at', this.path, stat(this.path, { bigint: true }));
    if (TELLING.every((field) => now[field] === this.#stats[field])) return;
    await fileOperation('rewrap', this.path, Promise.reject(new Error('somebody else has changed it meanwhile')));
  }
}
