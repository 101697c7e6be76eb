import type { FileHandle } from 'node:fs/promises';
import { fileOperation } from './file-error.js';

/** Bytes read at a time: large enough that the trip to the thread pool does not count. */
const PIECE = 1 << 20;

/**
 * The bytes of an open file from `position` to its end. The next piece is being read while one is used; a piece is good
 * until the next but one is asked for. Two buffers in all.
 *
 * @param position - where to begin; `null` for what cannot be read anywhere but where it stands, such as a pipe
 * @param overlay - what the file's beginning counts as, whatever it is
 */
export async function* readPieces(
  handle: FileHandle,
  path: string,
  position: number | null = 0,
  overlay: Uint8Array = new Uint8Array(0),
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffers = [new Uint8Array(PIECE), new Uint8Array(PIECE)] as const;
  let at = position ?? 0;
  let turn: 0 | 1 = 0;
  const read = async (): Promise<Uint8Array> => {
    const buffer = buffers[turn];
    turn = turn === 0 ? 1 : 0;
    const reading = handle.read(buffer, 0, PIECE, position === null ? null : at);
    return await fileOperation('read', path, reading).then(({ bytesRead }) => buffer.subarray(0, bytesRead));
  };
  let next: Promise<Uint8Array> | undefined = read();
  try {
    for (;;) {
      const piece: Uint8Array = await next;
      if (at < overlay.length) piece.set(overlay.subarray(at, at + piece.length));
      if (piece.length === 0) return;
      at += piece.length;
      next = read();
      // The consumer may take its time: an error of the read-ahead waits for it.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    const wiped = next
      .catch(() => undefined)
      .then(() => {
        for (const buffer of buffers) buffer.fill(0);
      });
    // Nothing reads into a buffer, or from a handle that is about to be closed, after this ends. Only who writes into a pipe
    // may never write again: whatever failed must not wait for that.
    if (position !== null) await wiped;
  }
}
