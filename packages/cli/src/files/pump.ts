import type { ByteTransform } from '@keyfold/core';
import { abortable } from '@keyfold/core/keyring';
import type { OnProgress } from '@keyfold/core/node';
import { ReadableStream } from 'node:stream/web';
import type { ReadableWritablePair } from 'node:stream/web';
import type { Input } from './input.js';
import type { Sink } from './stdout-writer.js';

/** Sends an input through a transform into a sink, in constant memory, and waits for its end. Returns the bytes written. */
export async function pump(
  input: Input,
  transform: ByteTransform,
  sink: Sink,
  onProgress: OnProgress | undefined,
  signal: AbortSignal,
): Promise<number> {
  const source = ReadableStream.from(counted(input, onProgress));
  let written = 0;
  for await (const part of source.pipeThrough(transform as ReadableWritablePair<Uint8Array, Uint8Array>)) {
    written += part.length;
    // Whoever reads the output may have stopped reading.
    await abortable(sink.write(part), signal);
  }
  await abortable(sink.finish(), signal);
  return written;
}

async function* counted(input: Input, onProgress: OnProgress | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const piece of input.pieces()) {
    yield piece;
    bytes += piece.length;
    onProgress?.({ bytes, totalBytes: input.length });
  }
}
