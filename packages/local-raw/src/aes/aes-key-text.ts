import { invalidArgument, primitives } from '@keyfold/core/keyring';
import { fromBase64Url, toBase64Url } from '../base64.js';
import { crc32 } from './crc32.js';

/** Sizes in bytes. */
export const AES_KEY_LENGTH = 32;
const CHECKSUM_LENGTH = 4;

/** No envelope begins like this, and a scanner for leaked secrets can look for it. */
const PREFIX = 'keyfold-aes256-key:';
/** 36 bytes are 48 characters with no bit left over, so that one key has one text. */
const TEXT = /^keyfold-aes256-key:[A-Za-z0-9_-]{48}$/;
/** Lines before the key in a file that say what it is. */
const COMMENTS = /^(?:[ \t]*(?:#.*)?\r?\n)*/;

/**
 * A new AES-256 key: 32 bytes from the platform's CSPRNG.
 *
 * @example
 * ```ts
 * const keyring = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
 * ```
 */
export function generateAesKey(): Uint8Array<ArrayBuffer> {
  return primitives.randomBytes(AES_KEY_LENGTH);
}

/**
 * The text form of an AES-256 key, for a key file, a secret manager or a sheet of paper: `keyfold-aes256-key:` and 48
 * characters of base64url, which hold the 32 bytes of the key and their CRC-32 (big-endian), so that a slip of the pen
 * is noticed before a wrong key is used. It is as secret as the key.
 *
 * @param key - 32 bytes
 * @throws `invalid-argument`
 * @example
 * ```ts
 * const text = encodeAesKey(generateAesKey());
 * const keyring = rawAesKeyring({ name: 'app-2026', key: parseAesKey(text) });
 * ```
 */
export function encodeAesKey(key: Uint8Array): string {
  assertAesKeyBytes(key, 'key');
  const bytes = new Uint8Array(AES_KEY_LENGTH + CHECKSUM_LENGTH);
  try {
    bytes.set(key);
    new DataView(bytes.buffer).setUint32(AES_KEY_LENGTH, crc32(key));
    return PREFIX + toBase64Url(bytes);
  } finally {
    bytes.fill(0);
  }
}

/**
 * The 32 bytes of a key in its text form, or of a key file: lines that begin with `#` may stand before it, and white
 * space around it.
 *
 * @param text - what `encodeAesKey` returned, or the text of a file with it
 * @throws `invalid-argument` for every other text; the message never repeats it
 */
export function parseAesKey(text: string): Uint8Array<ArrayBuffer> {
  return readAesKeyText(text, 'text');
}

/** `parseAesKey` for an argument with another name. */
export function readAesKeyText(text: unknown, argument: string): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw invalidArgument(argument, 'pass the string that encodeAesKey returned.');
  const trimmed = text.replace(COMMENTS, '').trim();
  const bytes = TEXT.test(trimmed) ? fromBase64Url(trimmed.slice(PREFIX.length)) : undefined;
  if (bytes === undefined) throw invalidArgument(argument, adviceFor(trimmed));
  try {
    const key = bytes.slice(0, AES_KEY_LENGTH);
    if (new DataView(bytes.buffer).getUint32(AES_KEY_LENGTH) === crc32(key)) return key;
    key.fill(0);
  } finally {
    bytes.fill(0);
  }
  throw invalidArgument(argument, 'the checksum of this key is wrong: a character was mistyped or changed; compare it with the original.');
}

/** Refuses what is not the bytes of a key. Throws `invalid-argument`. */
export function assertAesKeyBytes(key: unknown, argument: string): asserts key is Uint8Array {
  if (!(key instanceof Uint8Array)) throw invalidArgument(argument, 'pass a Uint8Array of 32 bytes.');
  if (key.length !== AES_KEY_LENGTH) {
    throw invalidArgument(argument, `pass 32 bytes, not ${key.length}: an AES-256 key, for example from generateAesKey().`);
  }
  if (key.every((byte) => byte === 0)) {
    throw invalidArgument(argument, 'these 32 bytes are all zero, so they are no key: was it wiped before?');
  }
}

/** What to do about a text that is something else. */
function adviceFor(text: string): string {
  if (text.startsWith(PREFIX)) return 'a key in its text form has 48 characters behind the prefix; some are missing or left over.';
  if (/^keyfold1h?\./.test(text)) return 'this is the text form of an envelope; pass the key that opens it.';
  const form = 'a key in its text form begins with "keyfold-aes256-key:".';
  if (/^[0-9a-f]{64}$/i.test(text)) return `${form} This looks like hexadecimal: pass Buffer.from(text, 'hex').`;
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return `${form} This looks like base64: pass Buffer.from(text, 'base64').`;
  return `${form} For key bytes, pass a Uint8Array of 32 bytes.`;
}
