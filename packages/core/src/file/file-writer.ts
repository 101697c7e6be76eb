import type { FileHandle } from 'node:fs/promises';
import type { Awaitable } from '../engine/types.js';
import { fileOperation } from './file-error.js';

/**
 * Bytes gathered before they are written in one call. On a virtual machine, writes of 1 MiB at aligned offsets made decrypting
 * a file take twice as long as writes of 512 KiB (docs/performance.md).
 */
const BATCH = 1 << 19;
/** Bytes after which the disk is told to begin, so that the sync at the end has little left to do. */
const FLUSH_EVERY = 1 << 26;

/** Appends byte strings to an open file, one write under way while the next batch is gathered. */
export class FileWriter {
  readonly #handle: FileHandle;
  readonly #path: string;
  #batch: Uint8Array[] = [];
  #batchLength = 0;
  #position = 0;
  #writing: Promise<void> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  #flushError: Error | undefined;
  #flushedTo = 0;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Bytes handed over so far. */
  get length(): number {
    return this.#position + this.#batchLength;
  }

  /** Takes over `part`, which must stay as it is. Throws `file-failed` of this write or of one before. */
  write(part: Uint8Array): Awaitable<void> {
    this.#batch.push(part);
    this.#batchLength += part.length;
    return this.#batchLength >= BATCH ? this.#flush() : undefined;
  }

  /** Waits until everything is written and on the disk. Throws `file-failed`. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await fileOperation('sync', this.#path, this.#sync());
  }

  async #sync(): Promise<void> {
    await this.#flushing;
    if (this.#flushError !== undefined) throw this.#flushError;
    await this.#handle.sync();
  }

  /** Waits for the write under way, whatever becomes of it. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    const position = this.#position;
    this.#batch = [];
    this.#position += this.#batchLength;
    this.#batchLength = 0;
    this.#writing = fileOperation('write', this.#path, writeFully(this.#handle, batch, position));
    // Whoever waits next gets the error.
    this.#writing.catch(() => undefined);
    if (position - this.#flushedTo >= FLUSH_EVERY) this.#startFlushing(position);
  }

  /**
   * Moves written bytes to the disk in the background. Its error is kept: the system reports a lost write once, and the
   * sync in the end would not hear of it again.
   */
  #startFlushing(position: number): void {
    if (this.#flushing !== undefined) return;
    this.#flushedTo = position;
    this.#flushing = this.#handle
      .datasync()
      .catch((error: unknown) => {
        this.#flushError ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => {
        this.#flushing = undefined;
      });
  }
}

/** One `writev`, and more of them while the system took only a part. */
async function writeFully(handle: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  let rest = parts.filter((part) => part.length > 0);
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at);
    at += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
}

function dropBytes(parts: readonly Uint8Array[], count: number): Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    if (left < part.length) rest.push(part.subarray(left));
    left = Math.max(0, left - part.length);
  }
  return rest;
}
