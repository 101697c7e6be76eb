import { walk } from './walk.js';

/** A piece of a secret as text: long enough that it stands nowhere by chance. */
const PIECE = 16;

/**
 * Where a secret shows up in something thrown: in any text or bytes that can be reached from it, causes included, whole
 * or half, raw or in hexadecimal, base64, base64url, decimal numbers or JSON. Returns the path, or `undefined`.
 */
export function findSecret(thrown: unknown, secrets: readonly Uint8Array[]): string | undefined {
  const needles = secrets.flatMap((secret) => piecesOf(secret)).flatMap((piece) => textsOf(piece));
  if (needles.length === 0) return undefined;
  return walk(thrown, (value) => {
    const text = textOf(value);
    return text !== undefined && needles.some((needle) => text.includes(needle));
  });
}

/** Where one of these texts stands in something thrown. Returns the path, or `undefined`. */
export function findText(thrown: unknown, texts: readonly string[]): string | undefined {
  return walk(thrown, (value) => typeof value === 'string' && texts.some((text) => value.includes(text)));
}

function piecesOf(secret: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at + PIECE <= secret.length; at += PIECE) pieces.push(secret.subarray(at, at + PIECE));
  return pieces;
}

/** What a value says, if it is one that may hold a secret: text, bytes as they are, or an array of bytes. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  // A view's own bytes and not its whole buffer: a buffer of Node's pool holds what others left there.
  if (ArrayBuffer.isView(value)) return latin1(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer) return latin1(new Uint8Array(value));
  if (Array.isArray(value) && value.length >= PIECE && value.every((item) => typeof item === 'number')) {
    return value.join(',');
  }
  return undefined;
}

function textsOf(piece: Uint8Array): string[] {
  const hex = Array.from(piece, (byte) => byte.toString(16).padStart(2, '0'));
  const base64 = [0, 1, 2].map((shift) => innerBase64(piece, shift));
  return [
    latin1(piece),
    hex.join(''),
    hex.join('').toUpperCase(),
    hex.join(' '),
    hex.join(':'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Array.from(piece).join(','),
    Array.from(piece).join(', '),
    ...indexed(piece),
  ];
}

/** The characters of base64 that depend on these bytes alone, when `shift` other bytes come before them. */
function innerBase64(piece: Uint8Array, shift: number): string {
  const whole = btoa('\0'.repeat(shift) + latin1(piece));
  const from = Math.ceil((shift * 8) / 6);
  return whole.slice(from, Math.floor(((shift + piece.length) * 8) / 6));
}

/** As `JSON.stringify` writes a `Uint8Array`, for a piece that begins a key and for one that ends it. */
function indexed(piece: Uint8Array): string[] {
  return [0, PIECE].map((start) => Array.from(piece, (byte, i) => `"${start + i}":${byte}`).join(','));
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
