import { KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded, malformed } from '../errors/throw.js';
import type { ByteWriter } from './byte-writer.js';
import { FORMAT_VERSION, MAGIC, PRELUDE_LENGTH } from './constants.js';
import type { Limits } from './limits.js';

const LENGTH_OFFSET = 8;

/**
 * Reads the header's length off the first bytes of an envelope, and checks magic, version and the cap, in this order,
 * before anything else is looked at (specification, "Prelude"). Returns `undefined` while there are too few bytes to
 * tell and what is there is right so far.
 */
export function peekHeaderLength(bytes: Uint8Array, limits: Limits): number | undefined {
  const magicLength = Math.min(bytes.length, MAGIC.length);
  for (let i = 0; i < magicLength; i++) {
    if (bytes[i] !== MAGIC[i]) {
      throw malformed('magic', i, 'it does not begin with "KEYFOLD"; it may be plaintext or another format.');
    }
  }
  const version = bytes[MAGIC.length];
  if (version === undefined) return undefined;
  if (version !== FORMAT_VERSION) {
    throw new KeyfoldError(
      'unsupported',
      `The envelope is of format version ${version}, this release of Keyfold reads version 1. Update Keyfold.`,
      { feature: 'version', found: String(version) },
    );
  }
  if (bytes.length < PRELUDE_LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, PRELUDE_LENGTH);
  const length = view.getUint32(LENGTH_OFFSET);
  if (length > limits.headerBytes) {
    throw limitExceeded('headerBytes', limits.headerBytes, length, 'If you trust its source, raise limits.headerBytes.');
  }
  return length;
}

/** Writes magic, version and room for the header's length. */
export function writePrelude(writer: ByteWriter): void {
  writer.bytes(MAGIC);
  writer.u8(FORMAT_VERSION);
  writer.u32(0);
}

/** Fills in the header's length. */
export function writeHeaderLength(writer: ByteWriter, length: number): void {
  writer.u32At(LENGTH_OFFSET, length);
}
