import { abortable } from '../cancellation/abortable.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { invalidArgument } from '../errors/throw.js';
import type { RangeSource } from './range-source.js';

/**
 * `length` bytes from `offset` on. Throws `truncated` when the source gives fewer, `invalid-argument` when it gives more,
 * or no bytes at all, and `aborted`.
 */
export async function readExactly(
  source: RangeSource,
  offset: number,
  length: number,
  signal: AbortSignal,
  part: 'header' | 'payload' = 'payload',
): Promise<Uint8Array> {
  const bytes: unknown = await abortable(source.read(offset, length, signal), signal);
  if (!(bytes instanceof Uint8Array)) throw invalidArgument('source', 'its read must return a Uint8Array.');
  if (bytes.length === length) return bytes;
  const what = `gave ${bytes.length} bytes where ${length} were asked for at byte ${offset} of ${source.size}.`;
  if (bytes.length > length) {
    throw invalidArgument('source', `its read ${what} Check that what it reads from knows ranges.`);
  }
  throw new KeyfoldError(
    'truncated',
    `The source ${what} Check that its size is right and that it did not change since it was opened.`,
    { part, actual: offset + bytes.length, expected: offset + length },
  );
}
