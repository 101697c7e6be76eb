import { concat } from './bytes.js';

/** A stream that gives these chunks, each when it is asked for. */
export function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  let next = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
      },
    },
    { highWaterMark: 0 },
  );
}

/** All the bytes of a stream. */
export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return concat(...chunks);
}

/** The bytes that a stream gave before it failed, and its error; `undefined` if it ended well. */
export async function collectUntilFailure(
  stream: ReadableStream<Uint8Array>,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly error: unknown }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk);
    return { bytes: concat(...chunks), error: undefined };
  } catch (error) {
    return { bytes: concat(...chunks), error };
  }
}

/** Runs chunks through a transform and gives all that comes out. */
export async function through(
  transform: ReadableWritablePair<Uint8Array, Uint8Array>,
  chunks: readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer>> {
  return await collect(streamOf(...chunks).pipeThrough(transform));
}
