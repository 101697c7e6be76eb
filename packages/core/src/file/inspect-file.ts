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
import { readBeginning } from './header-bytes.js';
import { openSeekable } from './open-seekable.js';

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
  const { info } = await readAndInspect(path, options);
  return info;
}

/**
 * The bytes of the header of an envelope or a detached header in a file: what `rewrap`, `keyUsage` and recovery drills take.
 * A rewrap that was interrupted and is not finished yet is taken into account.
 *
 * @throws as `inspectFile`
 * @example
 * ```ts
 * const header = await readHeader('report.pdf.keyfold');
 * ```
 */
export async function readHeader(
  path: string | URL,
  options: { readonly limits?: Partial<Limits> } = {},
): Promise<Uint8Array> {
  const { info, beginning } = await readAndInspect(path, options);
  return beginning.subarray(0, info.headerLength);
}

async function readAndInspect(
  path: string | URL,
  options: { readonly limits?: Partial<Limits> },
): Promise<{ readonly info: EnvelopeInfo; readonly beginning: Uint8Array }> {
  const file = pathOf(path, 'path');
  const limits = resolveLimits(options.limits, 'options.limits');
  const handle = await openSeekable(file);
  try {
    const { size } = await fileOperation('look at', file, handle.stat());
    const headerLength = peekHeaderLength(await readBeginning(handle, file, PRELUDE_LENGTH), limits) ?? PRELUDE_LENGTH;
    const beginning = await readBeginning(handle, file, headerLength + MESSAGE_ID_LENGTH);
    const header = await currentHeader(file, handle);
    if (header !== undefined) beginning.set(header);
    const payloadLength = size - headerLength;
    return { info: inspect(beginning, payloadLength > 0 ? { payloadLength, limits } : { limits }), beginning };
  } finally {
    await handle.close();
  }
}
