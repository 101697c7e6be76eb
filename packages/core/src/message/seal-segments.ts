import type { AesGcm } from '../engine/types.js';
import { throwIfAborted } from '../cancellation/abortable.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { segmentNonce } from '../format/nonce.js';
import { assertPayloadLimits, layoutOfPlaintext } from '../format/payload-layout.js';
import { SegmentBuffer } from './segment-buffer.js';

/** Seals a whole plaintext into `output` from `offset` on. */
export async function sealAll(
  gcm: AesGcm,
  plaintext: Uint8Array,
  segmentSize: number,
  output: Uint8Array,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  const { segmentCount } = layoutOfPlaintext(plaintext.length, segmentSize);
  let at = offset;
  for (let i = 0; i < segmentCount; i++) {
    throwIfAborted(signal);
    const segment = plaintext.subarray(i * segmentSize, (i + 1) * segmentSize);
    const sealed = gcm.seal(segmentNonce(i, i === segmentCount - 1), segment);
    for (const part of sealed instanceof Promise ? await sealed : sealed) {
      output.set(part, at);
      at += part.length;
    }
  }
}

/**
 * Seals a plaintext that arrives in pieces of any size, one segment at a time. A piece is not kept after the next one
 * was asked for. When the source throws, no final segment is made.
 *
 * @param expectedLength - bytes that the source promises: fewer or more throw `length-mismatch` before the last segment
 */
export async function* sealSegments(
  gcm: AesGcm,
  source: AsyncIterable<Uint8Array>,
  segmentSize: number,
  expectedLength: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const buffer = new SegmentBuffer(segmentSize);
  let index = 0;
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (expectedLength !== undefined && total > expectedLength) throw lengthMismatch(expectedLength, total);
    for (const segment of buffer.push(chunk)) {
      throwIfAborted(signal);
      yield* await gcm.seal(segmentNonce(index++, false), segment);
      assertPayloadLimits(index + 1, total);
    }
  }
  throwIfAborted(signal);
  if (expectedLength !== undefined && total < expectedLength) throw lengthMismatch(expectedLength, total);
  assertPayloadLimits(index + 1, total);
  yield* await gcm.seal(segmentNonce(index, true), buffer.rest());
}

function lengthMismatch(expected: number, actual: number): KeyfoldError<'length-mismatch'> {
  return new KeyfoldError(
    'length-mismatch',
    actual < expected
      ? `The plaintext ended after ${actual} of the ${expected} bytes that were promised. Read it again from its source.`
      : `The plaintext is longer than the ${expected} bytes that were promised. Correct the length, or leave it out.`,
    { expected, actual },
  );
}
