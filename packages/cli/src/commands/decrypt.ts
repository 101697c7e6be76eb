import { decryptStream } from '@keyfold/core';
import { decryptFile } from '@keyfold/core/node';
import { stat } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { loadConfig } from '../config/load-config.js';
import { noteFile } from '../errors/about-file.js';
import { usageError } from '../errors/usage-error.js';
import { readDetachedHeader } from '../files/detached-header.js';
import { openInput } from '../files/input.js';
import type { Input } from '../files/input.js';
import { decryptOutput, isSamePath } from '../files/output.js';
import { pump } from '../files/pump.js';
import { StdoutWriter } from '../files/stdout-writer.js';
import { decodeText } from '../files/text-form.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { contextToExpect } from '../options/context.js';
import type { ContextOptions } from '../options/context.js';
import { formatSize } from '../terminal/sizes.js';
import { TerminalText } from '../terminal/terminal-text.js';
import type { Outcome, ReportOptions, TraceOptions } from './outcome.js';
import { withProgressBar } from './progress.js';

export interface DecryptCommandOptions extends ContextOptions, ReportOptions, TraceOptions {
  readonly key?: readonly string[];
  readonly output?: string;
  readonly header?: string;
  readonly force?: boolean;
  readonly config?: string | false;
}

const STDOUT_FD = 1;
const MAGIC = 'KEYFOLD';

/** `keyfold decrypt [input]`. */
export async function decryptCommand(
  argument: string | undefined,
  options: DecryptCommandOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const opened = await openInput(argument, 'keyfold decrypt -k <key> < folder.tar.keyfold | tar x', signal);
  try {
    const output = decryptOutput(options.output, opened.file);
    if (output !== undefined && options.header !== undefined && isSamePath(output, options.header)) {
      throw usageError('--output', `${output} is the header; give the plaintext a file of its own.`);
    }
    const config = await loadConfig(options.config);
    const context = contextToExpect(options, config);
    const input = await decodeText(opened);
    const header = options.header === undefined ? {} : { header: await headerFor(input, options.header, signal) };
    const decryption = { keyring: await chooseKeyring('decrypt', options.key ?? [], config), context, signal, ...header };
    const json = { command: 'decrypt', input: argument ?? '-', output: output ?? '-', header: options.header ?? null };
    const toTerminal = output === undefined && isatty(STDOUT_FD);
    // A bar would get in among the text.
    return await withProgressBar(input.name, toTerminal ? { quiet: true } : options, async (onProgress) => {
      if (output === undefined) {
        const sink = toTerminal ? new TerminalText() : new StdoutWriter();
        const plaintextLength = await pump(input, decryptStream(decryption), sink, onProgress, signal);
        return { json: { ...json, plaintextLength }, dataOnStdout: true };
      }
      const progress = onProgress === undefined ? {} : { onProgress };
      const settings = { ...decryption, ...progress, overwrite: options.force ?? false };
      const envelope = await decryptFile(input.file ?? input.pieces(), output, settings);
      const { size } = await stat(output);
      const summary = `Decrypted ${input.name} into ${output} (${formatSize(size)})`;
      return { json: { ...json, plaintextLength: size, envelope }, summary };
    });
  } catch (error) {
    // With two files, it may be about either.
    if (options.header === undefined) noteFile(error, opened.file);
    throw error;
  } finally {
    opened.release();
  }
}

/** The header of a payload that lives apart from it. Throws `invalid-argument` when the input has its own. */
async function headerFor(payload: Input, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const head = await payload.head();
  if (new TextDecoder().decode(head.subarray(0, MAGIC.length)) === MAGIC) {
    throw usageError('--header', `${payload.name} is a whole envelope, or a header itself; leave out --header, or name the payload.`);
  }
  return await readDetachedHeader(path, signal);
}
