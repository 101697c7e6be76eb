import { throwIfAborted, abortable } from '../cancellation/abortable.js';
import { invalidArgument } from '../errors/throw.js';

/** How far a file operation is. */
export interface Progress {
  /** Bytes read from the source so far. */
  readonly bytes: number;
  /** Bytes of the source in all, where that is known. */
  readonly totalBytes: number | undefined;
}

export type OnProgress = (progress: Progress) => void;

/** The pieces of a source, each reported once it was used, and none asked for after the signal fired. */
export async function* withProgress(
  pieces: AsyncIterable<Uint8Array>,
  totalBytes: number | undefined,
  onProgress: OnProgress | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  let bytes = 0;
  try {
    for (;;) {
      throwIfAborted(signal);
      const next = await abortable(iterator.next(), signal);
      if (next.done === true) return;
      const piece: unknown = next.value;
      if (!(piece instanceof Uint8Array)) throw invalidArgument('source', 'its pieces must be Uint8Arrays.');
      yield piece;
      bytes += piece.length;
      onProgress?.({ bytes, totalBytes });
    }
  } finally {
    // After an abort the source may never answer: it is told, and not waited for.
    const ended = Promise.resolve(iterator.return?.()).catch(() => undefined);
    if (!signal.aborted) await ended;
  }
}
