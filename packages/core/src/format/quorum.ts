import { malformed } from '../errors/throw.js';
import { ByteReader } from './byte-reader.js';
import { encodeBytes } from './byte-writer.js';
import { compareWrappedKeys, isPending, readWrappedKey, writeWrappedKey } from './wrapped-key.js';
import type { WrappedKey } from './wrapped-key.js';

/** The provider name of a wrapped key whose ciphertext holds a quorum's shares. */
export const QUORUM_PROVIDER = 'quorum';
/** Shamir's scheme over GF(2^8) modulo 0x11B. */
export const QUORUM_ALGORITHM = 'SHAMIR-GF256';
export const MAX_QUORUM_SHARES = 16;

/** One share of a quorum: its x coordinate, and the wrapped keys any of which gives the share. */
export interface QuorumShare {
  readonly index: number;
  readonly wrappedKeys: readonly WrappedKey[];
}

/** The ciphertext of a quorum's wrapped key, taken apart (specification, "Quorums"). */
export interface Quorum {
  /** How many shares give the data key: 2 to 16. */
  readonly threshold: number;
  readonly shares: readonly QuorumShare[];
}

/**
 * Parses a quorum's wrapped key, which is not pending, strictly. `offset` is where its ciphertext starts in the
 * header, for errors. The ciphertexts of the result are views. Throws `malformed`.
 */
export function parseQuorum(wrappedKey: WrappedKey, offset = 0): Quorum {
  if (wrappedKey.keyVersion !== '' || wrappedKey.algorithm !== QUORUM_ALGORITHM) {
    throw malformed('quorum-fields', offset, `a quorum has a version, or an algorithm other than ${QUORUM_ALGORITHM}.`);
  }
  const bytes = wrappedKey.ciphertext;
  const reader = new ByteReader(bytes, 0, bytes.length, 'quorum-overrun', offset);
  const threshold = reader.u8();
  const count = reader.u8();
  if (threshold < 2 || threshold > count || count > MAX_QUORUM_SHARES) {
    throw malformed('quorum-threshold', offset, `a quorum of ${threshold} out of ${count} is not allowed.`);
  }
  const shares: QuorumShare[] = [];
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const at = reader.position;
    const index = reader.u8();
    if (index <= previous) throw malformed('quorum-share-index', at, 'share numbers do not ascend from 1 on.');
    previous = index;
    shares.push({ index, wrappedKeys: readShareKeys(reader) });
  }
  if (reader.remaining > 0) {
    throw malformed('quorum-trailing-bytes', reader.position, `${reader.remaining} bytes follow the last share.`);
  }
  return { threshold, shares };
}

function readShareKeys(reader: ByteReader): WrappedKey[] {
  const at = reader.position;
  const count = reader.u8();
  if (count === 0) throw malformed('quorum-share-empty', at, 'a share has no wrapped key.');
  const keys: WrappedKey[] = [];
  for (let i = 0; i < count; i++) {
    const keyAt = reader.position;
    const key = readWrappedKey(reader);
    if (key.provider === QUORUM_PROVIDER) throw malformed('quorum-nested', keyAt, 'a quorum holds a quorum.');
    if (isPending(key)) throw malformed('quorum-pending', keyAt, 'a share has a pending wrapped key.');
    const last = keys.at(-1);
    if (last !== undefined && compareWrappedKeys(last, key) > 0) {
      throw malformed('wrapped-key-order', keyAt, 'the wrapped keys of a share are not in ascending order.');
    }
    keys.push(key);
  }
  return keys;
}

/**
 * The ciphertext of a quorum's wrapped key; the wrapped keys of each share are put in order. The header that it goes into is
 * parsed before it is used, and so is this. Throws `limit-exceeded` for a field that is too long.
 */
export function encodeQuorum(quorum: Quorum): Uint8Array<ArrayBuffer> {
  return encodeBytes((writer) => {
    writer.u8(quorum.threshold);
    writer.u8(quorum.shares.length);
    for (const share of quorum.shares) {
      writer.u8(share.index);
      writer.u8(share.wrappedKeys.length);
      for (const key of share.wrappedKeys.toSorted(compareWrappedKeys)) writeWrappedKey(writer, key);
    }
  });
}
