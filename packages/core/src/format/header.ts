import { KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded, malformed } from '../errors/throw.js';
import { ByteReader } from './byte-reader.js';
import { encodeBytes } from './byte-writer.js';
import { MAC_LENGTH, PRELUDE_LENGTH } from './constants.js';
import { readIdentity, writeIdentity } from './identity.js';
import type { Identity } from './identity.js';
import type { Limits } from './limits.js';
import { peekHeaderLength, writeHeaderLength, writePrelude } from './prelude.js';
import { readWrapping, writeWrapping } from './wrapping.js';
import type { Wrapping } from './wrapping.js';

/** A header, parsed. Its wrapping is hostile input until the MAC verified. */
export interface Header {
  readonly identity: Identity;
  readonly wrapping: Wrapping;
  /** Where the wrapping begins: what lies before it no rewrap changes. */
  readonly wrappingOffset: number;
  /** Everything that the MAC covers: prelude, identity and wrapping as they stand. */
  readonly authenticated: Uint8Array;
  /** 32 bytes. */
  readonly mac: Uint8Array;
  /** The length of the whole header in bytes, MAC included. */
  readonly length: number;
}

/**
 * Parses the header at the start of `bytes`, strictly; what follows it is not looked at (specification, "Parsing").
 * Throws `malformed`, `truncated`, `unsupported`, `limit-exceeded`. The result is made of views into a copy: the caller
 * may change its bytes while a keyring is being waited for, and a keyring gets no hold of the caller's memory, nor of a
 * `Buffer`.
 */
export function parseHeader(bytes: Uint8Array, limits: Limits): Header {
  const length = peekHeaderLength(bytes, limits);
  if (length === undefined || bytes.length < length) throw truncatedHeader(bytes.length, length ?? PRELUDE_LENGTH);
  const end = length - MAC_LENGTH;
  if (end < PRELUDE_LENGTH) throw malformed('field-overrun', 8, `a header of ${length} bytes has no room for its fields.`);
  const header = new Uint8Array(bytes.subarray(0, length));
  const reader = new ByteReader(header, PRELUDE_LENGTH, end, 'field-overrun');
  const identity = readIdentity(reader, limits);
  const wrappingOffset = reader.position;
  const wrapping = readWrapping(reader);
  if (reader.remaining > 0) {
    throw malformed('trailing-bytes', reader.position, `${reader.remaining} bytes of the header are not accounted for.`);
  }
  return { identity, wrapping, wrappingOffset, authenticated: header.subarray(0, end), mac: header.subarray(end), length };
}

/** Parses a header that stands alone: nothing may follow it. Throws as `parseHeader`. */
export function parseDetachedHeader(bytes: Uint8Array, limits: Limits): Header {
  const header = parseHeader(bytes, limits);
  if (bytes.length > header.length) {
    throw malformed(
      'detached-trailing-bytes',
      header.length,
      'more bytes follow a detached header; if this is a whole envelope, open it as one.',
    );
  }
  return header;
}

/**
 * The header's bytes but for the MAC, whose 32 bytes at the end are still zero. Before anything is written, it is proven
 * that a reader will accept the wrapping. Throws `malformed` when it would not, and `limit-exceeded` when the header
 * would be larger than the caller's cap.
 *
 * @param room - bytes behind the header in its `ArrayBuffer` that may hold anything, for a payload
 */
export function encodeHeader(
  identity: Identity,
  wrapping: Wrapping,
  limits: Limits,
  room = 0,
): Uint8Array<ArrayBuffer> {
  let wrappingAt = 0;
  const header = encodeBytes((writer) => {
    writePrelude(writer);
    writeIdentity(writer, identity);
    wrappingAt = writer.length;
    writeWrapping(writer, wrapping);
    writer.zeros(MAC_LENGTH);
    writeHeaderLength(writer, writer.length);
  }, room);
  readWrapping(new ByteReader(header, wrappingAt, header.length - MAC_LENGTH, 'field-overrun'));
  if (header.length > limits.headerBytes) {
    throw limitExceeded(
      'headerBytes',
      limits.headerBytes,
      header.length,
      'Use fewer wrapped keys, a smaller context or less padding, or raise limits.headerBytes.',
    );
  }
  return header;
}

export function truncatedHeader(actual: number, expected: number): KeyfoldError<'truncated'> {
  return new KeyfoldError(
    'truncated',
    `The header ends after ${actual} bytes, it has at least ${expected}. Get the whole envelope from its source.`,
    { part: 'header', actual, expected },
  );
}
