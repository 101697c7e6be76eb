import type { Awaitable } from '../engine/types.js';
import { invalidArgument } from '../errors/throw.js';
import { inspect } from '../message/inspect.js';
import type { EnvelopeInfo } from '../message/inspect.js';
import { resolveEncryptOptions } from '../message/options.js';
import type { EncryptOptions, ResolvedEncryptOptions } from '../message/options.js';
import { PayloadSealer } from '../message/payload-sealer.js';
import { startMessage } from '../message/start-message.js';
import { AtomicFile } from './atomic-file.js';
import { resolveFileOptions } from './file-options.js';
import type { FileOptions } from './file-options.js';
import { openSource, pathOf } from './file-source.js';
import type { FileSource } from './file-source.js';
import type { FileWriter } from './file-writer.js';
import { withProgress } from './progress.js';
import { publishAll } from './publish-all.js';
import { resolveTarget } from './resolve-target.js';

/** What encrypting a file takes. */
export interface EncryptFileOptions extends EncryptOptions, FileOptions {
  /** A path for the header, which then lives apart; the target gets the payload alone. */
  readonly headerFile?: string | URL;
}

/** Permission bits of a new envelope, before the umask: it may be read by whom the umask allows. */
const MODE = 0o666;

/**
 * Encrypts a file into an envelope in a file, in constant memory. The target appears whole, synced to disk, or not at
 * all. With `headerFile`, either both files are new or both are as they were; the header is published last, so a payload
 * without one, or with an older one, is from a process that was killed between the two.
 *
 * @returns what the header says
 * @throws `invalid-argument`, `file-exists`, `file-failed`, `limit-exceeded`, `wrap-failed`, `keyring-contract`,
 *   `aborted`, and `length-mismatch` when the source changes its length while it is read
 * @example
 * ```ts
 * import { encryptFile, decryptFile } from '@keyfold/core/node';
 * await encryptFile('report.pdf', 'report.pdf.keyfold', { keyring });
 * await decryptFile('report.pdf.keyfold', 'copy.pdf', { keyring });
 * ```
 */
export async function encryptFile(
  source: FileSource,
  target: string | URL,
  options: EncryptFileOptions,
): Promise<EnvelopeInfo> {
  const resolved = resolveEncryptOptions(options);
  const settings = { ...resolveFileOptions(options), mode: MODE };
  const targetPath = pathOf(target, 'target');
  const headerPath = options.headerFile === undefined ? undefined : pathOf(options.headerFile, 'options.headerFile');
  if (headerPath !== undefined) await assertDistinct(targetPath, headerPath);
  const input = await openSource(source, 'plaintext', resolved.signal);
  const files: AtomicFile[] = [];
  try {
    const payloadFile = await AtomicFile.open(targetPath, settings);
    files.push(payloadFile);
    const headerSettings = { ...settings, argument: 'options.headerFile' };
    const headerFile = headerPath === undefined ? payloadFile : await AtomicFile.open(headerPath, headerSettings);
    if (headerFile !== payloadFile) files.push(headerFile);
    const pieces = withProgress(input.pieces, input.length, options.onProgress, resolved.signal);
    const header = await writeMessage(pieces, input.length, headerFile.writer, payloadFile.writer, resolved);
    await publishAll(files);
    const attachedLength = headerFile === payloadFile ? header.length : 0;
    return inspect(header, { payloadLength: payloadFile.writer.length - attachedLength, limits: resolved.limits });
  } finally {
    for (const file of files) await file.discard();
    await input.close();
  }
}

/** Refuses one file for header and payload: the one would replace the other. */
async function assertDistinct(target: string, headerFile: string): Promise<void> {
  if ((await resolveTarget(target)) !== (await resolveTarget(headerFile))) return;
  throw invalidArgument('options.headerFile', 'it is the target too; name another file, or leave it out.');
}

/** Starts a message and writes all of it. Returns its header. */
async function writeMessage(
  pieces: AsyncIterable<Uint8Array>,
  length: number | undefined,
  headerWriter: FileWriter,
  payloadWriter: FileWriter,
  options: ResolvedEncryptOptions,
): Promise<Uint8Array> {
  const message = await startMessage(options);
  const payload = new PayloadSealer(message, length, options.signal);
  const emit = (part: Uint8Array): Awaitable<void> => payloadWriter.write(part);
  try {
    await headerWriter.write(message.header);
    for await (const piece of pieces) await payload.write(piece, emit);
    await payload.end(emit);
    return message.header;
  } finally {
    payload.close();
  }
}
