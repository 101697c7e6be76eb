import { encrypt, encryptDetachedStream, inspect, toText } from '@keyfold/core';
import type { EncryptOptions, EnvelopeInfo } from '@keyfold/core';
import { encryptFile } from '@keyfold/core/node';
import type { OnProgress } from '@keyfold/core/node';
import type { Input } from '../files/input.js';
import { pump } from '../files/pump.js';
import { StdoutWriter, writeToStdout } from '../files/stdout-writer.js';
import { MAX_TEXT_BYTES, readWhole } from '../files/text-form.js';
import { assertWritable, writeSmallFile } from '../files/write-small-file.js';

/** One run of `keyfold encrypt`, checked. */
export interface EncryptJob {
  readonly input: Input;
  /** Absent: stdout. */
  readonly output: string | undefined;
  /** Where the header goes, if it lives apart. */
  readonly header: string | undefined;
  readonly overwrite: boolean;
  readonly encryption: EncryptOptions;
  readonly signal: AbortSignal;
}

/** Permission bits of envelopes, before the umask. */
const MODE = 0o666;

/** File to file, or pipe to file: the core's own way, in constant memory, written whole or not at all. */
export async function encryptToFile(
  job: EncryptJob & { readonly output: string },
  onProgress: OnProgress | undefined,
): Promise<EnvelopeInfo> {
  return await encryptFile(job.input.file ?? job.input.pieces(), job.output, {
    ...job.encryption,
    overwrite: job.overwrite,
    ...(job.header === undefined ? {} : { headerFile: job.header }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

/** To a pipe, in constant memory. A header that lives apart is written last: one that is there has its payload. */
export async function encryptToStdout(job: EncryptJob, onProgress: OnProgress | undefined): Promise<EnvelopeInfo> {
  if (job.header !== undefined) await assertWritable(job.header, job.overwrite);
  const { file, length } = job.input;
  const promised = file === undefined || length === undefined ? {} : { plaintextLength: length };
  const { header, payload } = await encryptDetachedStream({ ...job.encryption, ...promised });
  const sink = new StdoutWriter();
  if (job.header === undefined) await sink.write(header);
  const payloadLength = await pump(job.input, payload, sink, onProgress, job.signal);
  if (job.header !== undefined) await writeSmallFile(job.header, header, { mode: MODE, overwrite: job.overwrite });
  return inspect(header, { payloadLength });
}

/** As text, which is held in memory whole. */
export async function encryptToText(job: EncryptJob): Promise<EnvelopeInfo> {
  const remedy = 'The text form is for small data; leave out --text.';
  const plaintext = await readWhole(job.input.pieces(), MAX_TEXT_BYTES, 'textBytes', remedy);
  const envelope = await encrypt(plaintext, job.encryption);
  const line = `${toText(envelope)}\n`;
  if (job.output === undefined) await writeToStdout(line);
  else await writeSmallFile(job.output, line, { mode: MODE, overwrite: job.overwrite });
  return inspect(envelope);
}
