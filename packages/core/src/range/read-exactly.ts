import { abortable } from '../cancellation/abortable.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import type { RangeSource } from './range-source.js';

/** `length` bytes from `offset` on. Throws `truncated` when the source gives another number of them, and `aborted`. */
export async function readExactly(
  source: RangeSource,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await abortable(source.read(offset, length, signal), signal);
  if (bytes instanceof Uint8Array && bytes.length === length) return bytes;
  const actual = offset + bytes.length;
  throw new KeyfoldError(
    'truncated',
    `The source gave ${bytes.length} bytes where ${length} were asked for at byte ${offset} of ${source.size}. ` +
      'Check that its size is right and that it did not change since it was opened.',
    { part: 'payload', actual, expected: offset + length },
  );
}
