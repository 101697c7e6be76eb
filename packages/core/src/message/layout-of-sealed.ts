import type { AesGcm } from '../engine/types.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { MAX_SEGMENTS, MESSAGE_ID_LENGTH, TAG_LENGTH } from '../format/constants.js';
import { layoutOfPayload } from '../format/payload-layout.js';
import type { PayloadLayout } from '../format/payload-layout.js';
import { openSegment } from './open-segment.js';

/**
 * The layout of a payload whose length is known before its segments are opened. A length that no payload has may be of one
 * that was cut off, or of one that something was appended to. The last full segment tells which, and is opened for that
 * alone: the error is then the one that opening the segments in their order would end with.
 *
 * @param read - gives a part of the payload, by offset and length in bytes
 * Throws `truncated`, `malformed`, `limit-exceeded`, `payload-damaged`, and what `read` throws.
 */
export async function layoutOfSealed(
  gcm: AesGcm,
  payloadLength: number,
  segmentSize: number,
  read: (offset: number, length: number) => Uint8Array | Promise<Uint8Array>,
): Promise<PayloadLayout> {
  try {
    return layoutOfPayload(payloadLength, segmentSize);
  } catch (error) {
    const sealedSize = segmentSize + TAG_LENGTH;
    const full = Math.floor((payloadLength - MESSAGE_ID_LENGTH) / sealedSize);
    if (full < 1 || full > MAX_SEGMENTS || isKeyfoldError(error, 'limit-exceeded')) throw error;
    const offset = MESSAGE_ID_LENGTH + (full - 1) * sealedSize;
    const opened = await openSegment(gcm, await read(offset, sealedSize), full - 1, false, offset);
    opened.fill(0);
    throw error;
  }
}
