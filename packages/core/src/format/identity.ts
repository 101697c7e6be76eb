import { KeyfoldError } from '../errors/keyfold-error.js';
import { malformed } from '../errors/throw.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { MAX_SEGMENT_LOG2, MESSAGE_ID_LENGTH, MIN_SEGMENT_LOG2, SUITE_1 } from './constants.js';
import { readContextEntries, writeContextEntries } from './context-entries.js';
import type { ContextEntry } from './context-entries.js';
import type { Limits } from './limits.js';

/** The section of a header that never changes after the message was written (specification, "Identity"). */
export interface Identity {
  readonly suite: number;
  /** A full segment holds 2^segmentLog2 plaintext bytes: 12 to 24. */
  readonly segmentLog2: number;
  readonly flags: number;
  /** 16 bytes, new for every message. */
  readonly messageId: Uint8Array;
  /** In ascending order of the keys' UTF-8 bytes. */
  readonly context: readonly ContextEntry[];
}

/** Reads the identity section and checks every rule of it. */
export function readIdentity(reader: ByteReader, limits: Limits): Identity {
  const suite = reader.u16();
  if (suite !== SUITE_1) throw unsupported('suite', suite);
  const segmentAt = reader.position;
  const segmentLog2 = reader.u8();
  const flags = reader.u8();
  // Before any other field is judged: a flag may change what the others mean.
  if (flags !== 0) throw unsupported('flags', flags);
  if (segmentLog2 < MIN_SEGMENT_LOG2 || segmentLog2 > MAX_SEGMENT_LOG2) {
    throw malformed('segment-size', segmentAt, `its segments are said to hold 2^${segmentLog2} bytes.`);
  }
  const messageId = reader.bytes(MESSAGE_ID_LENGTH);
  return { suite, segmentLog2, flags, messageId, context: readContextEntries(reader, limits) };
}

export function writeIdentity(writer: ByteWriter, identity: Identity): void {
  writer.u16(identity.suite);
  writer.u8(identity.segmentLog2);
  writer.u8(identity.flags);
  writer.bytes(identity.messageId);
  writeContextEntries(writer, identity.context);
}

function unsupported(feature: 'suite' | 'flags', found: number): KeyfoldError<'unsupported'> {
  const text = `0x${found.toString(16).padStart(feature === 'suite' ? 4 : 2, '0')}`;
  return new KeyfoldError(
    'unsupported',
    `The envelope has ${feature} ${text}, which this release of Keyfold does not know. Update Keyfold.`,
    { feature, found: text },
  );
}
