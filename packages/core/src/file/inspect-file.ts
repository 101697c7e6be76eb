import { open } from 'node:fs/promises';
import { PRELUDE_LENGTH } from '../format/constants.js';
import { resolveLimits } from '../format/limits.js';
import type { Limits } from '../format/limits.js';
import { MESSAGE_ID_LENGTH } from '../format/constants.js';
import { peekHeaderLength } from '../format/prelude.js';
import { inspect } from '../message/inspect.js';
import type { EnvelopeInfo } from '../message/inspect.js';
import { currentHeader } from './current-header.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';

/**
 * As `inspect`, for an envelope or a detached header in a file. Reads the header alone, whatever the file's size.
 *
 * @throws as `inspect`, and `file-failed`
 * @example
 * ```ts
 * const { wrappedKeys } = await inspectFile('report.pdf.keyfold');
 * ```
 */
export async function inspectFile(
  path: string | URL,
  options: { readonly limits?: Partial<Limits> } = {},
): Promise<EnvelopeInfo> {
  const file = pathOf(path, 'path');
  const limits = resolveLimits(options.limits, 'options.limits');
  const handle = await fileOperation('open', file, open(file, 'r'));
  const read = async (length: number): Promise<Uint8Array> => {
    const { bytesRead, buffer } = await fileOperation('read', file, handle.read(new Uint8Array(length), 0, length, 0));
    return buffer.subarray(0, bytesRead);
  };
  try {
    const { size } = await fileOperation('look at', file, handle.stat());
    const headerLength = peekHeaderLength(await read(PRELUDE_LENGTH), limits) ?? PRELUDE_LENGTH;
    const beginning = await read(headerLength + MESSAGE_ID_LENGTH);
    const header = await currentHeader(file, handle);
    if (header !== undefined) beginning.set(header);
    const payloadLength = size - headerLength;
    return inspect(beginning, payloadLength > 0 ? { payloadLength, limits } : { limits });
  } finally {
    await handle.close();
  }
}
