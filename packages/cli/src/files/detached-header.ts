import { KeyfoldError } from '@keyfold/core';
import { open } from 'node:fs/promises';
import { fileOperation } from '../errors/file-error.js';
import { isTextForm, textToBytes } from './text-form.js';

/** More than any header has by the default limits, in text form too; whether it is one, the core says. */
const MAXIMUM = 1 << 20;

/** A header in a file of its own, as bytes or in text form. Throws `file-failed`, `malformed`, `limit-exceeded`. */
export async function readDetachedHeader(path: string): Promise<Uint8Array> {
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    const { buffer, bytesRead } = await fileOperation('read', path, handle.read(new Uint8Array(MAXIMUM + 1)));
    if (bytesRead > MAXIMUM) {
      const message = `${path} is longer than any header. Name the header's file; the payload is the input.`;
      throw new KeyfoldError('limit-exceeded', message, { limit: 'headerBytes', maximum: MAXIMUM, actual: bytesRead });
    }
    const bytes = buffer.subarray(0, bytesRead);
    return isTextForm(bytes) ? textToBytes(bytes) : bytes;
  } finally {
    await handle.close();
  }
}
