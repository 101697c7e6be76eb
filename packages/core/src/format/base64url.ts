import { malformed } from '../errors/throw.js';

/** Bytes turned into one string at a time: a multiple of 3, and few enough for a call's arguments. */
const CHUNK = 0x6000;

/** Unpadded base64url (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + CHUNK)));
  }
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * The bytes of unpadded base64url from `start` on. Refuses padding, white space, the other alphabet, and bits that are
 * set behind the last byte, so that one byte string has one text.
 */
export function fromBase64Url(text: string, start: number): Uint8Array<ArrayBuffer> {
  const encoded = text.slice(start);
  const bad = /[^A-Za-z0-9_-]/.exec(encoded);
  if (bad !== null) throw malformed('text-alphabet', start + bad.index, 'only A-Z, a-z, 0-9, "-" and "_" are allowed.');
  if (encoded.length % 4 === 1) throw malformed('text-canonical', text.length, 'a character is missing or left over.');
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const tail = bytes.subarray(bytes.length - (bytes.length % 3));
  if (!encoded.endsWith(toBase64Url(tail))) {
    throw malformed('text-canonical', text.length - 1, 'the last character has bits that stand for nothing.');
  }
  return bytes;
}
