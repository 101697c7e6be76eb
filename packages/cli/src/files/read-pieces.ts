import { createReadStream, fstatSync } from 'node:fs';
import { fileFailed } from '../errors/file-error.js';

const STDIN = 0;
/** Bytes read at a time from a file. */
const PIECE = 1 << 20;

/** The bytes of the file, device or named pipe at a path. Throws `file-failed`. */
export function pathPieces(path: string): AsyncIterable<Uint8Array> {
  return piecesOf(path, () => createReadStream(path, { highWaterMark: PIECE }));
}

/** The bytes of stdin. A file is read in large pieces; `process.stdin` would take 64 KiB at a time. Throws `file-failed`. */
export function stdinPieces(): AsyncIterable<Uint8Array> {
  if (stdinLength() === undefined) return piecesOf('stdin', () => process.stdin);
  return piecesOf('stdin', () => createReadStream('', { fd: STDIN, autoClose: false, highWaterMark: PIECE }));
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

async function* piecesOf(name: string, open: () => AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* open() as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw fileFailed('read', name, error);
  }
}
