import { KeyfoldError } from '@keyfold/core';
import { abortable } from '@keyfold/core/keyring';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileOperation } from '../errors/file-error.js';
import { isTextForm, textToBytes } from './text-form.js';

/** More than any header has by the default limits, in text form too; whether it is one, the core says. */
const MAXIMUM = 1 << 20;

/**
 * A header in a file of its own, or out of a pipe, as bytes or in text form. Throws `file-failed`, `malformed`, `limit-exceeded`,
 * `aborted`.
 */
export async function readDetachedHeader(path: string, signal: AbortSignal): Promise<Uint8Array> {
  return await abortable(readFrom(path), signal);
}

async function readFrom(path: string): Promise<Uint8Array> {
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    const bytes = await readUpTo(handle, path, MAXIMUM + 1);
    if (bytes.length > MAXIMUM) {
      const message = `${path} is longer than any header. Name the header's file; the payload is the input.`;
      throw new KeyfoldError('limit-exceeded', message, { limit: 'headerBytes', maximum: MAXIMUM, actual: bytes.length });
    }
    return isTextForm(bytes) ? textToBytes(bytes) : bytes;
  } finally {
    await handle.close();
  }
}

/** Everything, or as much as that: a pipe gives what it has, and more later. */
async function readUpTo(handle: FileHandle, path: string, maximum: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(maximum);
  let length = 0;
  while (length < maximum) {
    const { bytesRead } = await fileOperation('read', path, handle.read(bytes, length, maximum - length, null));
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
