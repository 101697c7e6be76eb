import { createReadStream, fstatSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { Socket } from 'node:net';
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

/**
 * The bytes of stdin. `process.stdin` reads pipes, sockets and terminals. It takes a folder or a disk for empty, which must
 * not become an envelope of nothing, and files 64 KiB at a time: all these are read from the descriptor.
 */
export function stdinSource(signal: AbortSignal): Source {
  if (process.stdin instanceof Socket) return sourceOf('stdin', () => process.stdin, signal);
  const read = (): Readable => createReadStream('', { fd: STDIN, autoClose: false, highWaterMark: PIECE });
  return sourceOf('stdin', read, signal);
}

/** The size of a stdin that was redirected from a file, else `undefined`. */
export function stdinLength(): number | undefined {
  const stats = stdinStats();
  return stats?.isFile() === true && stats.size > 0n ? Number(stats.size) : undefined;
}

export function stdinIsFolder(): boolean {
  return stdinStats()?.isDirectory() === true;
}

/**
 * As bigints, which Node keeps elsewhere than numbers: once the last numbers were those of a pipe, it resolves no link any
 * more, and so finds nothing that a package installed by pnpm depends on (nodejs/node#51142).
 */
function stdinStats(): BigIntStats | undefined {
  try {
    return fstatSync(STDIN, { bigint: true });
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
