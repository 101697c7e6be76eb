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
  /** Exactly `length` bytes from `offset` on, both in bytes; fewer are taken for the end of a source that was cut off. */
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** Reads ranges of a `Blob` or a browser's `File`. */
export function blobSource(blob: Blob): RangeSource {
  return {
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/** Reads ranges of bytes in memory, which must stay as they are while it is in use. */
export function bytesSource(bytes: Uint8Array): RangeSource {
  return { size: bytes.length, read: async (offset, length) => await Promise.resolve(bytes.subarray(offset, offset + length)) };
}
