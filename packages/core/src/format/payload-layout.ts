import { KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded, malformed } from '../errors/throw.js';
import { MAX_PLAINTEXT_LENGTH, MAX_SEGMENTS, MESSAGE_ID_LENGTH, TAG_LENGTH } from './constants.js';

/** Where the segments of a payload lie (specification, "Payload"). All lengths and offsets are in bytes. */
export interface PayloadLayout {
  readonly segmentSize: number;
  readonly segmentCount: number;
  readonly plaintextLength: number;
  readonly payloadLength: number;
}

/** The layout of a payload for so many plaintext bytes. Throws `limit-exceeded`. */
export function layoutOfPlaintext(plaintextLength: number, segmentSize: number): PayloadLayout {
  const segmentCount = Math.max(1, Math.ceil(plaintextLength / segmentSize));
  assertPayloadLimits(segmentCount, plaintextLength);
  const payloadLength = MESSAGE_ID_LENGTH + plaintextLength + segmentCount * TAG_LENGTH;
  return { segmentSize, segmentCount, plaintextLength, payloadLength };
}

/**
 * The layout of a payload of so many bytes, message id included. It says what the length claims: only the last
 * segment's tag proves it. Throws `truncated`, `malformed`, `limit-exceeded`.
 */
export function layoutOfPayload(payloadLength: number, segmentSize: number): PayloadLayout {
  const minimum = MESSAGE_ID_LENGTH + TAG_LENGTH;
  if (payloadLength < minimum) throw truncatedPayload(payloadLength, minimum);
  const segments = payloadLength - MESSAGE_ID_LENGTH;
  const segmentCount = Math.ceil(segments / (segmentSize + TAG_LENGTH));
  const last = segments - (segmentCount - 1) * (segmentSize + TAG_LENGTH);
  if (last < TAG_LENGTH) throw truncatedPayload(payloadLength, payloadLength - last + TAG_LENGTH);
  if (last === TAG_LENGTH && segmentCount > 1) throw emptyLastSegment(payloadLength - TAG_LENGTH);
  const plaintextLength = segments - segmentCount * TAG_LENGTH;
  assertPayloadLimits(segmentCount, plaintextLength);
  return { segmentSize, segmentCount, plaintextLength, payloadLength };
}

/** Refuses more segments or plaintext than the format allows. */
export function assertPayloadLimits(segmentCount: number, plaintextLength: number): void {
  if (segmentCount > MAX_SEGMENTS) {
    throw limitExceeded('segments', MAX_SEGMENTS, segmentCount, 'Use larger segments, or split the data.');
  }
  if (plaintextLength > MAX_PLAINTEXT_LENGTH) {
    throw limitExceeded('plaintextBytes', MAX_PLAINTEXT_LENGTH, plaintextLength, 'Split the data.');
  }
}

/**
 * Refuses to go on behind segment `index` when no other may follow it: a stream has no layout that could be checked before.
 * `plaintextLength` is how much there is at least.
 */
export function assertRoomBehind(index: number, plaintextLength: number): void {
  assertPayloadLimits(index + 2, plaintextLength);
}

/** A last segment behind others must hold something, or one plaintext would have two envelopes. */
export function emptyLastSegment(offset: number): KeyfoldError<'malformed'> {
  return malformed('segment-empty-last', offset, 'the last segment is empty and not the only one.');
}

export function truncatedPayload(actual: number, expected: number): KeyfoldError<'truncated'> {
  return new KeyfoldError(
    'truncated',
    `The payload ends after ${actual} bytes, it has at least ${expected}. Get the whole envelope from its source.`,
    { part: 'payload', actual, expected },
  );
}
