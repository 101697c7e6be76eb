import { malformed } from '../errors/throw.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { MAX_WRAPPED_KEYS } from './constants.js';
import { parseQuorum, QUORUM_PROVIDER } from './quorum.js';
import { compareWrappedKeys, isPending, readWrappedKey, writeWrappedKey } from './wrapped-key.js';
import type { WrappedKey } from './wrapped-key.js';

/** The section of a header that a rewrap replaces as a whole (specification, "Wrapping"). */
export interface Wrapping {
  /** 0 when written, one more on every rewrap or repair. */
  readonly revision: number;
  /** In the order of the encoding, which says nothing about preference. */
  readonly wrappedKeys: readonly WrappedKey[];
  /** Zero bytes kept so that a later rewrap need not move the payload: 0 to 65,535. */
  readonly paddingLength: number;
}

/** Reads the wrapping section and checks every rule of it, quorums included. */
export function readWrapping(reader: ByteReader): Wrapping {
  const revision = reader.u32();
  const countAt = reader.position;
  const count = reader.u16();
  if (count < 1 || count > MAX_WRAPPED_KEYS) throw wrongCount(countAt, count);
  const wrappedKeys: WrappedKey[] = [];
  /** What identifies each wrapped key seen so far, the leaves of quorums included. */
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    const at = reader.position;
    const key = readWrappedKey(reader);
    const last = wrappedKeys.at(-1);
    if (last !== undefined && compareWrappedKeys(last, key) > 0) {
      throw malformed('wrapped-key-order', at, 'the wrapped keys are not in ascending order.');
    }
    wrappedKeys.push(key);
    for (const each of withLeaves(key, reader.position - key.ciphertext.length)) {
      const identity = `${each.provider} ${each.keyId} ${each.keyVersion}`;
      if (seen.has(identity)) throw malformed('wrapped-key-duplicate', at, 'two wrapped keys are of the same key.');
      seen.add(identity);
      if (seen.size > MAX_WRAPPED_KEYS) throw wrongCount(at, seen.size);
    }
  }
  if (wrappedKeys.every(isPending)) throw malformed('all-pending', countAt, 'every wrapped key is pending.');
  const paddingLength = reader.u16();
  const paddingAt = reader.position;
  const padding = reader.bytes(paddingLength);
  if (padding.some((byte) => byte !== 0)) throw malformed('padding-nonzero', paddingAt, 'the padding is not zero.');
  return { revision, wrappedKeys, paddingLength };
}

/** Writes the wrapping section, wrapped keys in their canonical order. */
export function writeWrapping(writer: ByteWriter, wrapping: Wrapping): void {
  writer.u32(wrapping.revision);
  writer.u16(wrapping.wrappedKeys.length);
  for (const key of wrapping.wrappedKeys.toSorted(compareWrappedKeys)) writeWrappedKey(writer, key);
  writer.u16(wrapping.paddingLength);
  writer.zeros(wrapping.paddingLength);
}

/**
 * A wrapped key and, where it is a quorum, the wrapped keys of its shares.
 *
 * @param ciphertextAt - where its ciphertext lies, for errors
 * Throws `malformed`.
 */
export function withLeaves(key: WrappedKey, ciphertextAt = 0): WrappedKey[] {
  if (key.provider !== QUORUM_PROVIDER || isPending(key)) return [key];
  return [key, ...parseQuorum(key, ciphertextAt).shares.flatMap((share) => share.wrappedKeys)];
}

function wrongCount(at: number, count: number): Error {
  return malformed('wrapped-count', at, `it has ${count} wrapped keys; 1 to ${MAX_WRAPPED_KEYS} are allowed.`);
}
