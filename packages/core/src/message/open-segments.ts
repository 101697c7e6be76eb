import type { AesGcm } from '../engine/types.js';
import { throwIfAborted } from '../cancellation/abortable.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { MESSAGE_ID_LENGTH, TAG_LENGTH } from '../format/constants.js';
import { segmentNonce } from '../format/nonce.js';
import { assertPayloadLimits, emptyLastSegment, truncatedPayload } from '../format/payload-layout.js';
import type { PayloadLayout } from '../format/payload-layout.js';
import { SegmentBuffer } from './segment-buffer.js';

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

/**
 * Opens segments that arrive in pieces of any size, and releases each once its tag verified. The end of the source must
 * be the end of the payload.
 */
export async function* openSegments(
  gcm: AesGcm,
  source: AsyncIterable<Uint8Array>,
  segmentSize: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const buffer = new SegmentBuffer(segmentSize + TAG_LENGTH);
  let index = 0;
  const offsetOf = (i: number): number => MESSAGE_ID_LENGTH + i * (segmentSize + TAG_LENGTH);
  for await (const chunk of source) {
    for (const sealed of buffer.push(chunk)) {
      throwIfAborted(signal);
      yield await openSegment(gcm, sealed, index, false, offsetOf(index));
      index++;
      assertPayloadLimits(index + 1, index * segmentSize);
    }
  }
  throwIfAborted(signal);
  const last = buffer.rest();
  if (last.length < TAG_LENGTH) throw truncatedPayload(offsetOf(index) + last.length, offsetOf(index) + TAG_LENGTH);
  if (last.length === TAG_LENGTH && index > 0) throw emptyLastSegment(offsetOf(index));
  yield await openSegment(gcm, last, index, true, offsetOf(index));
}

/** The plaintext of one segment. Throws `payload-damaged` or `truncated`; nothing of the segment is released then. */
export async function openSegment(
  gcm: AesGcm,
  sealed: Uint8Array,
  index: number,
  isLast: boolean,
  offset: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const opened = await gcm.open(segmentNonce(index, isLast), sealed);
  if (opened !== undefined) return opened;
  // Only for a better message: does it open as what it is not, an inner segment at the end or a last one before it?
  const misplaced = await gcm.open(segmentNonce(index, !isLast), sealed);
  misplaced?.fill(0);
  throw damaged(index, offset, misplaced === undefined ? 'damaged' : isLast ? 'cut-off' : 'extended');
}

const MESSAGES = {
  damaged: 'is damaged or altered. Restore it from a copy',
  'cut-off': 'is intact and not the last one: the payload was cut off behind it. Get the whole payload from its source',
  extended: 'is intact and the last one, but more bytes follow: something was appended. Remove it, or get the payload again',
};

function damaged(segment: number, offset: number, kind: keyof typeof MESSAGES): KeyfoldError<'payload-damaged'> {
  const message = `Segment ${segment} (at byte ${offset} of the payload) ${MESSAGES[kind]}. No plaintext from it on was released.`;
  return new KeyfoldError('payload-damaged', message, { segment, offset, kind });
}
