import { open, stat } from 'node:fs/promises';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { PeekedPieces } from './peeked-pieces.js';
import { pathSource, stdinIsFolder, stdinLength, stdinSource } from './read-pieces.js';
import type { Source } from './read-pieces.js';

/** Bytes that tell what an input is: an envelope, its text form, or something else. */
const HEAD = 16;

/** What a command reads. */
export interface Input {
  /** How messages call it. */
  readonly name: string;
  /** The path, if it is a regular file: the core reads those itself. */
  readonly file: string | undefined;
  /** Bytes, where known beforehand. */
  readonly length: number | undefined;
  /** The first 16 bytes, fewer where it ends before. They can still be read. */
  head(): Promise<Uint8Array>;
  /** All bytes, once. */
  pieces(): AsyncIterable<Uint8Array>;
  /** Lets go of it at once, read or not, whatever is being waited for. */
  release(): void;
}

/**
 * Opens the input that was named on the command line: a path, or stdin for `-` and for nothing.
 *
 * @param example - a command line that reads a pipe, for whoever named nothing at a terminal
 * @throws `invalid-argument` for a folder, and for nothing when stdin is a terminal; `file-failed`
 */
export async function openInput(argument: string | undefined, example: string, signal: AbortSignal): Promise<Input> {
  if (argument === undefined && process.stdin.isTTY) {
    throw usageError('input', `name a file, or pipe data in, as in: ${example}`);
  }
  if (argument === undefined || argument === '-') {
    if (stdinIsFolder()) throw usageError('input', `stdin is a folder; name a file, or pipe data in, as in: ${example}`);
    return streamInput('stdin', stdinLength(), stdinSource(signal));
  }
  const stats = await fileOperation('open', argument, stat(argument));
  if (stats.isDirectory()) throw usageError('input', `${argument} is a folder; name a file, or pipe data in, as in: ${example}`);
  // What has no size of its own, such as a named pipe, can be read only once.
  if (!stats.isFile()) return streamInput(argument, undefined, pathSource(argument, signal));
  const source = pathSource(argument, signal);
  return {
    name: argument,
    file: argument,
    // Files of /proc say 0 whatever they hold.
    length: stats.size > 0 ? stats.size : undefined,
    head: async () => await readHead(argument),
    pieces: () => source.pieces,
    release: () => {
      source.release();
    },
  };
}

function streamInput(name: string, length: number | undefined, source: Source): Input {
  const peeked = new PeekedPieces(source.pieces);
  return {
    name,
    file: undefined,
    length,
    head: async () => await peeked.peek(HEAD),
    pieces: () => peeked,
    release: () => {
      source.release();
    },
  };
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    const { bytesRead, buffer } = await fileOperation('read', path, handle.read(new Uint8Array(HEAD), 0, HEAD, 0));
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
