import { invalidArgument } from '../errors/throw.js';
import { assertBytes } from '../message/options.js';

/**
 * Something of known size of which parts can be read: a file, a `Blob`, an object behind ranged GETs. One method to
 * write for a new kind.
 *
 * @example
 * ```ts no-run
 * const source: RangeSource = {
 *   size: head.ContentLength,
 *   async read(offset, length, signal) {
 *     const Range = `bytes=${offset}-${offset + length - 1}`;
 *     const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range }), { abortSignal: signal });
 *     return await Body.transformToByteArray();
 *   },
 * };
 * ```
 */
export interface RangeSource {
  /** The length of the whole in bytes. It is not trusted: the envelope's end is authenticated before anything is read. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on, both in bytes. Fewer are taken for the end of a source that was cut off. The
   * result becomes the caller's: its memory is not used for anything else. What is thrown reaches whoever asked for the range.
   *
   * @param signal - fires when nobody waits for these bytes any longer; each call has one of its own
   */
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** Reads ranges of a `Blob` or a browser's `File`. Throws `invalid-argument`. */
export function blobSource(blob: Blob): RangeSource {
  if (typeof (blob as Partial<Blob> | undefined)?.arrayBuffer !== 'function') {
    throw invalidArgument('blob', 'pass a Blob, or a File of a browser.');
  }
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/** Reads ranges of bytes in memory, which must stay as they are while it is in use. Throws `invalid-argument`. */
export function bytesSource(bytes: Uint8Array): RangeSource {
  assertBytes(bytes, 'bytes');
  return { size: bytes.length, read: async (offset, length) => await Promise.resolve(bytes.subarray(offset, offset + length)) };
}
