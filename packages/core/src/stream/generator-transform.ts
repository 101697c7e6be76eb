import { abortable, abortError } from '../cancellation/abortable.js';
import { invalidArgument } from '../errors/throw.js';

/** A pair that `readable.pipeThrough(pair)` takes: bytes in, bytes out. */
export type ByteTransform = ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;

/**
 * A transform stream whose work is an async generator: it runs only while somebody reads, so that a slow reader slows
 * the writer, and nothing is read ahead. An error on either side reaches the other, and a source that is cut off is
 * never taken for one that ended.
 *
 * @param onEnd - called when it ended, failed or was cancelled, even if the generator never began
 */
export function transformByGenerator(
  run: (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>,
  signal: AbortSignal,
  onEnd?: () => void,
): ByteTransform {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const reader = input.readable.getReader();
  let cancelled: { readonly reason: unknown } | undefined;

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const { done, value } = await abortable(reader.read(), signal);
      if (cancelled !== undefined) throw cancelled.reason;
      if (done) return;
      if (!(value instanceof Uint8Array)) throw invalidArgument('chunk', 'write Uint8Arrays into the stream.');
      yield value;
    }
  }

  const output = run(chunks());
  const readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await output.next();
          if (done !== true) {
            controller.enqueue(value);
            return;
          }
          onEnd?.();
          controller.close();
        } catch (error) {
          onEnd?.();
          // Tells the writer, and whatever pipes into it, why nothing more is taken.
          await reader.cancel(error);
          throw error;
        }
      },
      async cancel(reason) {
        cancelled = { reason: reason ?? abortError(AbortSignal.abort()) };
        await reader.cancel(reason);
        // Runs the generator's `finally` blocks, where keys are wiped.
        await output.return().catch(() => undefined);
        onEnd?.();
      },
    },
    { highWaterMark: 0 },
  );
  return { readable, writable: input.writable };
}
