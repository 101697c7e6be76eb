import type { FileHandle } from 'node:fs/promises';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { PRELUDE_LENGTH } from '../format/constants.js';
import type { Limits } from '../format/limits.js';
import { peekHeaderLength } from '../format/prelude.js';
import { readUpTo } from './read-up-to.js';

/** Whoever wrote a header had other caps than whoever reads it; these are the highest there can be. */
export const HIGHEST_LIMITS: Limits = { headerBytes: 1_048_576, contextEntries: 65_535, contextBytes: 1_048_576 };

/**
 * The bytes of the header that a file begins with, whatever its fields say; `undefined` if it begins with none, or is
 * shorter than its header. Throws `file-failed`.
 */
export async function readHeaderBytes(handle: FileHandle, path: string): Promise<Uint8Array | undefined> {
  const length = lengthOf(await readBeginning(handle, path, PRELUDE_LENGTH));
  if (length === undefined || length < PRELUDE_LENGTH) return undefined;
  const header = await readBeginning(handle, path, length);
  return header.length === length ? header : undefined;
}

/** Up to `length` bytes from a file's beginning: fewer only where it ends before. Throws `file-failed`. */
export async function readBeginning(handle: FileHandle, path: string, length: number): Promise<Uint8Array> {
  return await readUpTo(handle, path, 0, length);
}

function lengthOf(prelude: Uint8Array): number | undefined {
  try {
    return peekHeaderLength(prelude, HIGHEST_LIMITS);
  } catch (error) {
    if (isKeyfoldError(error)) return undefined;
    throw error;
  }
}
