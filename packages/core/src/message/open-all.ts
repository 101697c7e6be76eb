import { throwIfAborted } from '../cancellation/abortable.js';
import type { AesGcm } from '../engine/types.js';
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
  const plaintext = new Uint8Array(layout.plaintextLength);
  const sealedSize = layout.segmentSize + TAG_LENGTH;
  try {
    for (let i = 0; i < layout.segmentCount; i++) {
      throwIfAborted(signal);
      const start = MESSAGE_ID_LENGTH + i * sealedSize;
      const sealed = payload.subarray(start, start + sealedSize);
      plaintext.set(await openSegment(gcm, sealed, i, i === layout.segmentCount - 1, start), i * layout.segmentSize);
    }
    return plaintext;
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
}
