import type { EnvelopeInfo } from '@keyfold/core';
import { isatty } from 'node:tty';
import { formatKey } from '../bulk/key-pattern.js';
import { loadConfig } from '../config/load-config.js';
import { usageError } from '../errors/usage-error.js';
import { openInput } from '../files/input.js';
import type { Input } from '../files/input.js';
import { encryptOutput, isSamePath } from '../files/output.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { contextToWrite } from '../options/context.js';
import type { ContextOptions } from '../options/context.js';
import { printableLine } from '../terminal/printable.js';
import { quote } from '../terminal/quote.js';
import { formatSize } from '../terminal/sizes.js';
import { encryptToFile, encryptToStdout, encryptToText } from './encrypt-job.js';
import type { EncryptJob } from './encrypt-job.js';
import type { Outcome, ReportOptions, TraceOptions } from './outcome.js';
import { withProgressBar } from './progress.js';

export interface EncryptCommandOptions extends ContextOptions, ReportOptions, TraceOptions {
  readonly key?: readonly string[];
  readonly output?: string;
  readonly header?: string;
  readonly text?: boolean;
  readonly force?: boolean;
  readonly config?: string | false;
}

const STDOUT_FD = 1;

/** `keyfold encrypt [input]`. */
export async function encryptCommand(
  argument: string | undefined,
  options: EncryptCommandOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const input = await openInput(argument, 'tar c folder | keyfold encrypt -k <key> -o folder.tar.keyfold', signal);
  try {
    const output = encryptOutput(options.output, input.file);
    assertOutputs(input, output, options);
    const config = await loadConfig(options.config);
    const encryption = { keyring: await chooseKeyring('encrypt', options.key ?? [], config), signal, ...contextToWrite(options, config) };
    const job: EncryptJob = { input, output, header: options.header, overwrite: options.force ?? false, encryption, signal };
    const envelope = await withProgressBar(input.name, options, async (onProgress) => {
      if (options.text === true) return await encryptToText(job);
      return output === undefined ? await encryptToStdout(job, onProgress) : await encryptToFile({ ...job, output }, onProgress);
    });
    return outcomeOf(argument, job, envelope);
  } finally {
    input.release();
  }
}

/** Refuses what would lose or garble data, before any key is touched. */
function assertOutputs(input: Input, output: string | undefined, options: EncryptCommandOptions): void {
  const { header, text } = options;
  if (output === undefined && text !== true && isatty(STDOUT_FD)) {
    throw usageError('--output', 'an envelope is binary and stdout is a terminal: name a file with -o, pipe it on, or add --text.');
  }
  if (header === undefined) return;
  if (text === true) throw usageError('--header', 'the text form holds header and payload together; leave out --text or --header.');
  for (const other of [output, input.file]) {
    if (other !== undefined && isSamePath(header, other)) {
      throw usageError('--header', `${header} is used for something else already; give the header a file of its own.`);
    }
  }
}

function outcomeOf(argument: string | undefined, { input, output, header }: EncryptJob, envelope: EnvelopeInfo): Outcome {
  const pending = envelope.wrappedKeys.filter((key) => key.pending).map(({ provider, keyId }) => ({ provider, keyId }));
  const json = { command: 'encrypt', input: argument ?? '-', output: output ?? '-', header: header ?? null, pending, envelope };
  const problems = pending.length === 0 ? {} : { problems: pendingMessage(pending, header ?? output) };
  if (output === undefined) return { json, ...problems, dataOnStdout: true };
  const size = envelope.payload === undefined ? '' : ` (${formatSize(envelope.payload.plaintextLength)})`;
  const keys = envelope.wrappedKeys.filter((key) => !key.pending).map(({ keyId }) => keyId);
  const apart = header === undefined ? '' : `, its header into ${header}`;
  return { json, ...problems, summary: `Encrypted ${input.name}${size} into ${output}${apart}, under ${keys.join(', ')}` };
}

/** The write policy held, so the envelope is good; but it is not yet what was asked for. */
function pendingMessage(pending: readonly { readonly provider: string; readonly keyId: string }[], file: string | undefined): string {
  const keys = pending.map((key) => formatKey({ ...key, keyVersion: '' })).join(', ');
  const one = pending.length === 1;
  return printableLine(
    `Not yet under ${keys}, which ${one ? 'was' : 'were'} out of reach: until ${one ? 'it is' : 'they are'} added, only the other keys open ` +
      `the envelope. Once ${one ? 'it answers' : 'they answer'}: keyfold repair ${file === undefined ? '<the envelope’s file>' : quote(file)}`,
  );
}
