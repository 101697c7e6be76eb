import { KeyfoldError, fromText } from '@keyfold/core';
import type { Input } from './input.js';

/**
 * The text form is made for a database column or an environment variable, and is held in memory whole: at most so many
 * bytes of data.
 */
export const MAX_TEXT_BYTES: number = 16 * 1024 * 1024;

/** Base64url takes 4 characters for 3 bytes; the header, prefix and line breaks fit into the rest. */
const MAX_TEXT_LENGTH = Math.ceil((MAX_TEXT_BYTES * 4) / 3) + 2 * 1024 * 1024;

/** An input as bytes: what is in text form is decoded, anything else stays as it is. Throws `malformed`, `limit-exceeded`. */
export async function decodeText(input: Input): Promise<Input> {
  if (!isTextForm(await input.head())) return input;
  const bytes = await readTextForm(input);
  return {
    name: input.name,
    file: undefined,
    length: bytes.length,
    head: async () => await Promise.resolve(bytes.subarray(0, 16)),
    // eslint-disable-next-line @typescript-eslint/require-await
    pieces: async function* () {
      yield bytes;
    },
    release: () => {
      input.release();
    },
  };
}

/** Whether something begins as the text form of an envelope or of a header. The bytes themselves begin with "KEYFOLD". */
export function isTextForm(head: Uint8Array): boolean {
  return /^keyfold1h?\./.test(new TextDecoder().decode(head).trimStart());
}

async function readTextForm(input: Input): Promise<Uint8Array<ArrayBuffer>> {
  const remedy = 'Keep larger envelopes as bytes, not as text.';
  return textToBytes(await readWhole(input.pieces(), MAX_TEXT_LENGTH, 'textLength', remedy));
}

/** The bytes of a text form; white space around it is allowed. Throws `malformed`. */
export function textToBytes(text: Uint8Array): Uint8Array<ArrayBuffer> {
  return fromText(new TextDecoder().decode(text).trim());
}

/** All bytes of a source, up to a limit that has a name and a remedy. Throws `limit-exceeded`. */
export async function readWhole(
  pieces: AsyncIterable<Uint8Array>,
  maximum: number,
  limit: string,
  remedy: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maximum) {
      const message = `The input is longer than ${maximum} bytes. ${remedy}`;
      throw new KeyfoldError('limit-exceeded', message, { limit, maximum, actual: length });
    }
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
