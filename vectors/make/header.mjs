// Writes headers. It writes what it is told, right or wrong, so that it can break every rule of the format.
import { createHmac, hkdfSync } from 'node:crypto';
import { bytesOf, cat, long, sha256, short, u16, u32, u8 } from './bytes.mjs';

/**
 * An entry of the encryption context. `stored` is what the header holds for a value when that is not what belongs there.
 *
 * @typedef {{ key: string | Uint8Array, value: string | Uint8Array, kind?: number, stored?: string | Uint8Array }} Entry
 */

/**
 * @typedef {object} WrappedKey
 * @property {string | Uint8Array} provider
 * @property {string | Uint8Array} keyId
 * @property {string | Uint8Array} [keyVersion]
 * @property {string | Uint8Array} [algorithm]
 * @property {Uint8Array} [ciphertext] none: pending
 */

/**
 * Everything that a header holds, and what may be wrong with it.
 *
 * @typedef {object} HeaderParts
 * @property {string} magic
 * @property {number} version
 * @property {number} lengthError added to header_length
 * @property {number} suite
 * @property {number} segmentLog2
 * @property {number} flags
 * @property {Uint8Array} messageId
 * @property {Entry[]} context
 * @property {number} revision
 * @property {WrappedKey[]} wrappedKeys
 * @property {Uint8Array} padding
 * @property {number} paddingLengthError added to the length of the padding
 * @property {Uint8Array} trailing bytes between padding and MAC
 */

/** @param {Entry[]} context */
export function contextBytes(context) {
  return cat(u16(context.length), ...context.flatMap(({ key, value }) => [long(key), long(value)]));
}

/** @param {Entry[]} context */
function contextSection(context) {
  const entries = context.map(({ key, value, kind = 0, stored = kind === 1 ? '' : value }) =>
    cat(long(key), u8(kind), long(stored)),
  );
  return cat(u16(context.length), ...entries);
}

/** @param {WrappedKey} key */
export function wrappedKeyBytes({ provider, keyId, keyVersion = '', algorithm = '', ciphertext = new Uint8Array() }) {
  return cat(short(provider), long(keyId), short(keyVersion), short(algorithm), long(ciphertext));
}

/**
 * The order of wrapped keys: field by field, as bytes.
 *
 * @param {WrappedKey[]} keys
 */
export function inOrder(keys) {
  return keys.toSorted(
    (a, b) =>
      Buffer.compare(bytesOf(a.provider), bytesOf(b.provider)) ||
      Buffer.compare(bytesOf(a.keyId), bytesOf(b.keyId)) ||
      Buffer.compare(bytesOf(a.keyVersion ?? ''), bytesOf(b.keyVersion ?? '')),
  );
}

/**
 * The keys of a message, and what they were derived from.
 *
 * @param {Uint8Array} dataKey
 * @param {HeaderParts} parts
 */
export function deriveKeys(dataKey, parts) {
  const encoded = contextBytes(parts.context);
  const digest = sha256(encoded);
  const info = cat(bytesOf('keyfold/v1'), u16(parts.suite), u8(parts.segmentLog2), u8(parts.flags), digest);
  const output = Buffer.from(hkdfSync('sha512', dataKey, parts.messageId, info, 64));
  return {
    contextBytes: encoded,
    contextDigest: digest,
    info,
    payloadKey: output.subarray(0, 32),
    headerKey: output.subarray(32),
  };
}

/**
 * The header, with a MAC that is right for its bytes whatever they are.
 *
 * @param {HeaderParts} parts
 * @param {Uint8Array} headerKey
 */
export function headerBytes(parts, headerKey) {
  const identity = cat(
    u16(parts.suite),
    u8(parts.segmentLog2),
    u8(parts.flags),
    parts.messageId,
    contextSection(parts.context),
  );
  const wrapping = cat(
    u32(parts.revision),
    u16(parts.wrappedKeys.length),
    ...parts.wrappedKeys.map(wrappedKeyBytes),
    u16(parts.padding.length + parts.paddingLengthError),
    parts.padding,
  );
  const length = 12 + identity.length + wrapping.length + parts.trailing.length + 32 + parts.lengthError;
  const prelude = cat(bytesOf(parts.magic), u8(parts.version), u32(length));
  const authenticated = cat(prelude, identity, wrapping, parts.trailing);
  return cat(authenticated, createHmac('sha256', headerKey).update(authenticated).digest());
}
