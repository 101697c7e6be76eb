import { abortable } from '../cancellation/abortable.js';
import type { DecryptOptions, ResolvedDecryptOptions } from '../message/options.js';
import { resolveDecryptOptions } from '../message/options.js';
import { parseDetachedHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import type { Awaitable } from '../engine/types.js';
import { EnvelopeOpener } from '../message/envelope-opener.js';
import { describeHeader } from '../message/inspect.js';
import type { EnvelopeInfo } from '../message/inspect.js';
import { AtomicFile } from './atomic-file.js';
import { resolveFileOptions } from './file-options.js';
import type { FileOptions } from './file-options.js';
import { openSource, pathOf } from './file-source.js';
import type { FileSource } from './file-source.js';
import { withProgress } from './progress.js';
import { publishAll } from './publish-all.js';
import { readHeaderFile } from './read-header-file.js';

/** What decrypting a file takes. */
export interface DecryptFileOptions extends DecryptOptions, FileOptions {
  /** The header, or the path of its file, where it lives apart; the source is then the payload alone. */
  readonly header?: string | URL | Uint8Array;
}

/** Permission bits of a new plaintext file: it was worth encrypting, so it is its owner's alone. */
const MODE = 0o600;

/**
 * Decrypts an envelope in a file into a file, in constant memory. The target appears whole, once every byte was
 * authenticated, or not at all. A new one has permissions 0600; a replaced one keeps its own.
 *
 * @returns what the header says, authentic now
 * @throws the errors of `decrypt`, and `file-exists`, `file-failed`
 * @example see `encryptFile`
 */
export async function decryptFile(
  source: FileSource,
  target: string | URL,
  options: DecryptFileOptions,
): Promise<EnvelopeInfo> {
  const resolved = resolveDecryptOptions(options);
  const settings = { ...resolveFileOptions(options), mode: MODE };
  const targetPath = pathOf(target, 'target');
  const detached = options.header === undefined ? undefined : await readDetachedHeader(options.header, resolved);
  const input = await openSource(source, 'envelope', resolved.signal);
  const opener = new EnvelopeOpener(resolved, detached);
  let file: AtomicFile | undefined;
  try {
    file = await AtomicFile.open(targetPath, settings);
    const { writer } = file;
    const emit = (part: Uint8Array): Awaitable<void> => writer.write(part);
    const pieces = withProgress(input.pieces, input.length, options.onProgress, resolved.signal);
    for await (const piece of pieces) await opener.write(piece, emit);
    await opener.end(emit);
    await publishAll([file]);
    return describeHeader(opener.header);
  } finally {
    opener.close();
    await file?.discard();
    await input.close();
  }
}

/** The header of a caller who keeps it apart, parsed. */
async function readDetachedHeader(header: string | URL | Uint8Array, options: ResolvedDecryptOptions): Promise<Header> {
  if (header instanceof Uint8Array) return parseDetachedHeader(header, options.limits);
  const path = pathOf(header, 'options.header');
  // It may come out of a pipe, whose writer may never answer.
  return parseDetachedHeader(await abortable(readHeaderFile(path, options.limits), options.signal), options.limits);
}
