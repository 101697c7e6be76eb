import { invalidArgument, limitExceeded, malformed } from '../errors/throw.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import { decodeAscii, encodeAscii, isPrintableAscii, isProviderAlphabet } from './strings.js';

/**
 * One copy of the data key, wrapped under one KEK (specification, "Wrapped keys").
 *
 * Until the header's MAC verified, every field is hostile input.
 */
export interface WrappedKey {
  /** The kind of keyring: 1 to 255 characters of a-z, 0-9 and hyphen. */
  readonly provider: string;
  /** The KEK, as the provider names it: 1 to 65,535 printable ASCII characters. */
  readonly keyId: string;
  /** The KEK's version where the provider tells it, else empty: up to 255 printable ASCII characters. */
  readonly keyVersion: string;
  /** How it was wrapped: 1 to 255 printable ASCII characters; empty only when pending. */
  readonly algorithm: string;
  /** What the KEK made of the data key: up to 65,535 bytes. Empty = pending: the KEK could not be reached. */
  readonly ciphertext: Uint8Array;
}

/** Whether a wrapped key only says that its KEK was wanted and could not be reached. */
export function isPending(wrappedKey: WrappedKey): boolean {
  return wrappedKey.ciphertext.length === 0;
}

/** Reads one wrapped key and checks each field; relations between fields and keys are `checkWrappedKeys`'. */
export function readWrappedKey(reader: ByteReader): WrappedKey {
  let at = reader.position;
  const provider = reader.bytes(reader.u8());
  if (provider.length === 0) throw malformed('provider-empty', at, 'a wrapped key names no provider.');
  if (!isProviderAlphabet(provider)) {
    throw malformed('provider-charset', at, 'a provider has characters other than a-z, 0-9 and hyphen.');
  }
  at = reader.position;
  const keyId = reader.bytes(reader.u16());
  if (keyId.length === 0) throw malformed('key-id-empty', at, 'a wrapped key names no key.');
  if (!isPrintableAscii(keyId)) throw malformed('key-id-charset', at, 'a key id is not printable ASCII.');
  at = reader.position;
  const keyVersion = reader.bytes(reader.u8());
  if (!isPrintableAscii(keyVersion)) {
    throw malformed('key-version-charset', at, 'a key version is not printable ASCII.');
  }
  at = reader.position;
  const algorithm = reader.bytes(reader.u8());
  if (!isPrintableAscii(algorithm)) throw malformed('algorithm-charset', at, 'an algorithm is not printable ASCII.');
  const ciphertext = reader.bytes(reader.u16());
  if (ciphertext.length === 0) {
    if (keyVersion.length > 0 || algorithm.length > 0) {
      throw malformed('pending-fields', at, 'a pending wrapped key has a version or an algorithm.');
    }
  } else if (algorithm.length === 0) {
    throw malformed('algorithm-empty', at, 'a wrapped key has no algorithm.');
  }
  return {
    provider: decodeAscii(provider),
    keyId: decodeAscii(keyId),
    keyVersion: decodeAscii(keyVersion),
    algorithm: decodeAscii(algorithm),
    ciphertext,
  };
}

/**
 * Writes one wrapped key. Throws `limit-exceeded` for a field that is too long for its length, and `invalid-argument` for
 * a ciphertext that is no byte string: base64, say, would otherwise be written as zeros, and the data be lost.
 */
export function writeWrappedKey(writer: ByteWriter, key: WrappedKey): void {
  if (!((key.ciphertext as unknown) instanceof Uint8Array)) {
    throw invalidArgument('wrappedKey.ciphertext', 'pass a Uint8Array.');
  }
  writer.u8(assertLength('provider', key.provider, 0xff));
  writer.bytes(encodeAscii(key.provider));
  writer.u16(assertLength('keyId', key.keyId, 0xffff));
  writer.bytes(encodeAscii(key.keyId));
  writer.u8(assertLength('keyVersion', key.keyVersion, 0xff));
  writer.bytes(encodeAscii(key.keyVersion));
  writer.u8(assertLength('algorithm', key.algorithm, 0xff));
  writer.bytes(encodeAscii(key.algorithm));
  writer.u16(assertLength('ciphertext', key.ciphertext, 0xffff));
  writer.bytes(key.ciphertext);
}

function assertLength(field: keyof WrappedKey, value: { readonly length: number }, maximum: number): number {
  if (value.length <= maximum) return value.length;
  throw limitExceeded(`wrappedKey.${field}`, maximum, value.length, 'The format has no room for more.');
}

/** The order of wrapped keys: provider, key id, key version, compared as bytes field by field. */
export function compareWrappedKeys(a: WrappedKey, b: WrappedKey): number {
  return (
    compareAscii(a.provider, b.provider) || compareAscii(a.keyId, b.keyId) || compareAscii(a.keyVersion, b.keyVersion)
  );
}

/** ASCII strings compare by UTF-16 units as they do by bytes. */
function compareAscii(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
