import { createReadStream, fstatSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { abortableItems, abortError } from '@keyfold/core/keyring';
import { fileFailed } from '../errors/file-error.js';

/** Bytes that can be read once. */
export interface Source {
  readonly pieces: AsyncIterable<Uint8Array>;
  /**
   * Lets go of it at once, whatever is being waited for: who writes into a pipe may never write again, and an open stdin
   * would keep the process.
   */
  release(): void;
}

const STDIN = 0;
/** Bytes read at a time from a file. */
const PIECE = 1 << 20;

/** The bytes of the file, device or named pipe at a path. Reading throws `file-failed`, `aborted`. */
export function pathSource(path: string, signal: AbortSignal): Source {
  return sourceOf(path, () => createReadStream(path, { highWaterMark: PIECE }), signal);
}

/** The bytes of stdin. A file is read in large pieces; `process.stdin` would take 64 KiB at a time. */
export function stdinSource(signal: AbortSignal): Source {
  if (stdinLength() === undefined) return sourceOf('stdin', () => process.stdin, signal);
  const read = (): Readable => createReadStream('', { fd: STDIN, autoClose: false, highWaterMark: PIECE });
  return sourceOf('stdin', read, signal);
}

/** The size of a stdin that was redirected from a file, else `undefined`. */
export function stdinLength(): number | undefined {
  try {
    const stats = fstatSync(STDIN);
    return stats.isFile() && stats.size > 0 ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

function sourceOf(name: string, open: () => Readable, signal: AbortSignal): Source {
  let stream: Readable | undefined;
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      stream = open();
      // Its own end may be long in coming: to open a pipe is to wait for whoever writes into it.
      yield* abortableItems(addAbortSignal(signal, stream) as AsyncIterable<Uint8Array>, signal);
    } catch (error) {
      if (signal.aborted) throw abortError(signal);
      throw fileFailed('read', name, error);
    }
  }
  return { pieces: read(), release: () => stream?.destroy() };
}
