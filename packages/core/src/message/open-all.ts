import { throwIfAborted } from '../cancellation/abortable.js';
import type { AesGcm } from '../engine/types.js';
import { engine } from '../engine/engine.js';
import { MESSAGE_ID_LENGTH, TAG_LENGTH } from '../format/constants.js';
import type { PayloadLayout } from '../format/payload-layout.js';
import { openSegment } from './open-segment.js';

/** Opens the segments of a whole payload, message id included, into one byte string. */
export async function openAll(
  gcm: AesGcm,
  payload: Uint8Array,
  layout: PayloadLayout,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  // What the engine gives of an only segment is the plaintext, and need not be copied.
  if (layout.segmentCount === 1) {
    throwIfAborted(signal);
    return await openSegment(gcm, payload.subarray(MESSAGE_ID_LENGTH), 0, true, MESSAGE_ID_LENGTH);
  }
  const plaintext = engine.allocate(layout.plaintextLength);
  const sealedSize = layout.segmentSize + TAG_LENGTH;
  let at = 0;
  try {
    for (let i = 0; i < layout.segmentCount; i++) {
      throwIfAborted(signal);
      const start = MESSAGE_ID_LENGTH + i * sealedSize;
      const sealed = payload.subarray(start, start + sealedSize);
      const segment = await openSegment(gcm, sealed, i, i === layout.segmentCount - 1, start);
      plaintext.set(segment, at);
      at += segment.length;
    }
    // What was not written is memory of somebody else's, and must not get out.
    if (at !== plaintext.length) throw new Error('The plaintext does not have the length of its layout.');
    return plaintext;
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
}
