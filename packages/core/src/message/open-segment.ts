import type { AesGcm } from '../engine/types.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { segmentNonce } from '../format/nonce.js';

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
  if (misplaced !== undefined) throw damaged(index, offset, isLast ? 'cut-off' : 'extended');
  throw damaged(index, offset, 'damaged', isLast ? MESSAGES.end : MESSAGES.damaged);
}

const MESSAGES = {
  damaged: 'is damaged or altered. Restore it from a copy',
  // One byte less or more than there should be shows as this too: where the tag stood, there are other bytes then.
  end: 'is damaged or altered, or was cut short or added to, as the last one there is. Restore it from a copy',
  'cut-off': 'is intact and not the last one: the payload was cut off behind it. Get the whole payload from its source',
  extended: 'is intact and the last one, but more bytes follow: something was appended. Remove it, or get the payload again',
};

function damaged(
  segment: number,
  offset: number,
  kind: 'damaged' | 'cut-off' | 'extended',
  finding: string = MESSAGES[kind],
): KeyfoldError<'payload-damaged'> {
  const message = `Segment ${segment} (at byte ${offset} of the payload) ${finding}. No plaintext from it on was released.`;
  return new KeyfoldError('payload-damaged', message, { segment, offset, kind });
}
