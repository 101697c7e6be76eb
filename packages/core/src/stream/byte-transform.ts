import { abortError } from '../cancellation/abortable.js';
import { onAbort } from '../cancellation/on-abort.js';
import { invalidArgument } from '../errors/throw.js';
import type { Awaitable } from '../engine/types.js';
import type { Emit } from '../message/segment-sealer.js';

/** A pair that `readable.pipeThrough(pair)` takes: bytes in, bytes out. */
export type ByteTransform = ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;

/** What a transform does with its bytes. The calls come one after the other, and none after an error. */
export interface ByteProcessor {
  /** Before the first byte, or the end if there is none. */
  begin?(emit: Emit): Promise<void>;
  write(chunk: Uint8Array, emit: Emit): Promise<void>;
  end(emit: Emit): Promise<void>;
  /** Wipes keys. Called when everything ended, failed or was given up, and after a step that outlasted that. */
  close(): void;
}

/** Pieces of output that may wait for a reader. */
const READ_AHEAD = 4;

/**
 * A transform stream around a processor. A slow reader slows the writer: no more than `READ_AHEAD` pieces wait. Whatever
 * ends one side ends the other with the same error; a source that is cut off is never taken for one that ended.
 *
 * The platform's `TransformStream` is not used because not every runtime tells its transformer of a cancellation, and
 * because it queues all that one write gives.
 *
 * @param signal - the caller's; the processor gets one that also fires when either side gives up
 */
export function transformBytes(create: (signal: AbortSignal) => ByteProcessor, signal: AbortSignal): ByteTransform {
  const given = new AbortController();
  const processor = create(given.signal);
  let output!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let input!: WritableStreamDefaultController;
  let demand: (() => void) | undefined;
  let begun = false;
  let ended = false;

  const end = (): void => {
    ended = true;
    stopWaiting();
    processor.close();
  };
  const fail = (error: unknown): void => {
    if (ended) return;
    end();
    given.abort(error);
    output.error(error);
    input.error(error);
    demand?.();
  };
  const emit: Emit = (part): Awaitable<void> => {
    if (ended) throw given.signal.reason;
    output.enqueue(part);
    if ((output.desiredSize ?? 0) > 0) return undefined;
    return new Promise<void>((resolve) => {
      demand = resolve;
    });
  };
  /** Runs one step of the processor. An error of it reaches both sides. */
  const step = async (run: () => Promise<void>): Promise<void> => {
    try {
      if (!begun) {
        begun = true;
        await processor.begin?.(emit);
      }
      await run();
      if (ended) throw given.signal.reason;
    } catch (error) {
      fail(error);
      // Again, if it was given up during this step: what the step made after that is still there.
      processor.close();
      throw error;
    }
  };

  const readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => void (output = controller),
      pull: () => demand?.(),
      cancel: fail,
    },
    { highWaterMark: READ_AHEAD },
  );
  const writable = new WritableStream<Uint8Array>({
    start(controller) {
      input = controller;
      // `abort` below is called only once the write under way has ended, which may be what is to be ended. The signal
      // fires in the middle of the stream's own change of state: that comes first.
      controller.signal.addEventListener('abort', () => {
        queueMicrotask(() => {
          fail(controller.signal.reason);
        });
      });
    },
    async write(chunk) {
      await step(async () => {
        if (!(chunk instanceof Uint8Array)) throw invalidArgument('chunk', 'write Uint8Arrays into the stream.');
        await processor.write(chunk, emit);
      });
    },
    async close() {
      await step(async () => {
        await processor.end(emit);
      });
      end();
      output.close();
    },
    abort: fail,
  });
  const stopWaiting = onAbort(signal, () => {
    fail(abortError(signal));
  });
  if (signal.aborted) fail(abortError(signal));
  return { readable, writable };
}
