import { KeyfoldError } from '../errors/keyfold-error.js';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import type { Header } from '../format/header.js';
import { truncatedPayload } from '../format/payload-layout.js';
import { compareBytes } from '../format/strings.js';

/**
 * Step 4 of opening begins here: the payload must begin with the header's message id. Throws `truncated`,
 * `payload-mismatch`.
 */
export function assertSameMessage(header: Header, payload: Uint8Array): void {
  if (payload.length < MESSAGE_ID_LENGTH) throw truncatedPayload(payload.length, MESSAGE_ID_LENGTH);
  const found = payload.subarray(0, MESSAGE_ID_LENGTH);
  if (compareBytes(found, header.identity.messageId) === 0) return;
  const headerMessageId = toHex(header.identity.messageId);
  const payloadMessageId = toHex(found);
  throw new KeyfoldError(
    'payload-mismatch',
    `The header is of message ${headerMessageId}, the payload of message ${payloadMessageId}. Find the one that belongs to the other.`,
    { headerMessageId, payloadMessageId },
  );
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
