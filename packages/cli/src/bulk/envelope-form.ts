import { inspect } from '@keyfold/core';
import type { EnvelopeInfo } from '@keyfold/core';
import { inspectFile } from '@keyfold/core/node';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { isTextForm, MAX_TEXT_BYTES, readWhole, textToBytes } from '../files/text-form.js';

/** Enough to see a text form behind some white space. */
const HEAD = 64;
const MAGIC = 'KEYFOLD';

/**
 * What a file begins as: an envelope or a detached header, one of these as text, or something else. A file that claims to
 * be an envelope counts as one, however damaged the rest is: whoever asks about keys has to hear of it.
 */
export async function envelopeFormOf(path: string): Promise<'bytes' | 'text' | undefined> {
  // To open it would be to wait for its writer.
  if ((await stat(path).catch(() => undefined))?.isFIFO() === true) throw usageError('input', `${path} is a pipe; name files or folders.`);
  const handle = await fileOperation('open', path, open(path, 'r'));
  try {
    const { bytesRead, buffer } = await fileOperation('read', path, handle.read(new Uint8Array(HEAD), 0, HEAD, 0));
    const head = buffer.subarray(0, bytesRead);
    if (new TextDecoder().decode(head.subarray(0, MAGIC.length)) === MAGIC) return 'bytes';
    return isTextForm(head) ? 'text' : undefined;
  } finally {
    await handle.close();
  }
}

/**
 * What the header of an envelope in a file says; a rewrap that was interrupted and is not finished yet is taken into
 * account. Throws as `inspectFile`.
 */
export async function readEnvelopeInfo(path: string, form: 'bytes' | 'text'): Promise<EnvelopeInfo> {
  if (form === 'bytes') return await inspectFile(path);
  const reading = readWhole(createReadStream(path), 2 * MAX_TEXT_BYTES, 'textLength', 'This is too long for an envelope as text.');
  return inspect(textToBytes(await fileOperation('read', path, reading)));
}
