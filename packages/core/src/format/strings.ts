import type { FormatRule } from '../errors/format-rule.js';
import { malformed } from '../errors/throw.js';

const encoder = new TextEncoder();
/** Strict: ill-formed UTF-8 throws, and no byte order mark is stripped (specification, "Text"). */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8. The caller has refused lone surrogates: they would become U+FFFD here and collide. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** UTF-8 to a string; ill-formed input breaks `rule`. */
export function decodeUtf8(bytes: Uint8Array, rule: FormatRule, offset: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed(rule, offset, 'the text is not well-formed UTF-8.');
  }
}

/** Whether a string has a surrogate without its partner, and so no UTF-8 form. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** Whether every byte is printable ASCII without the space: 0x21 to 0x7E. */
export function isPrintableAscii(bytes: ArrayLike<number>): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x21 || byte > 0x7e) return false;
  }
  return true;
}

/** Whether every byte is one of a-z, 0-9 and the hyphen. */
export function isProviderAlphabet(bytes: ArrayLike<number>): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i] as number;
    if (!((b >= 0x61 && b <= 0x7a) || (b >= 0x30 && b <= 0x39) || b === 0x2d)) return false;
  }
  return true;
}

/** ASCII bytes to a string. The caller has checked the alphabet. */
export function decodeAscii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A string of ASCII to bytes; any other character gives a byte that no alphabet of the format holds. */
export function encodeAscii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code < 0x80 ? code : 0;
  }
  return bytes;
}

/** Orders byte strings as unsigned bytes, a prefix before what it is a prefix of. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
