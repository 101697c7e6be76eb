import { encodeAesKey, generateAesKey, generateRsaKeyPair } from '@keyfold/local-raw';
import { usageError } from '../errors/usage-error.js';
import { isSamePath } from '../files/output.js';
import { writeToStdout } from '../files/stdout-writer.js';
import { assertWritable, writeSmallFile } from '../files/write-small-file.js';
import { formatKeyFile } from '../keyrings/key-file.js';
import { quote } from '../terminal/quote.js';
import type { Outcome, ReportOptions } from './outcome.js';

export interface KeygenCommandOptions extends ReportOptions {
  readonly name: string;
  readonly output: string;
  readonly public?: string;
  readonly bits?: string;
}

/** Permission bits: whoever reads a secret key can open what it protects. */
const SECRET = 0o600;
const PUBLIC = 0o644;

/** `keyfold keygen [aes|rsa]`. A key file is never overwritten: with it, everything under its key would be lost. */
export async function keygenCommand(kind: 'aes' | 'rsa', options: KeygenCommandOptions, signal: AbortSignal): Promise<Outcome> {
  if (!/^[!-~]{1,255}$/.test(options.name)) {
    throw usageError('--name', 'give 1 to 255 printable ASCII characters without spaces, such as app-2026.');
  }
  return kind === 'rsa' ? await generateRsa(options, signal) : await generateAes(options);
}

async function generateAes({ name, output, public: publicFile, bits }: KeygenCommandOptions): Promise<Outcome> {
  if (publicFile !== undefined) throw usageError('--public', 'an AES key has no public half; leave this out, or make an rsa key.');
  if (bits !== undefined) throw usageError('--bits', 'an AES key always has 256 bits; leave this out, or make an rsa key.');
  const remark = 'Keyfold AES-256 key, secret: whoever has it can open what it protects.';
  await writeKey(output, formatKeyFile(name, remark, encodeAesKey(generateAesKey())), SECRET);
  return {
    json: { command: 'keygen', kind: 'aes', name, secretKey: output },
    summary: [
      `Made the AES-256 key ${name} ${output === '-' ? 'on stdout' : `in ${output}`}, for your eyes only.`,
      'Keep a copy in another place: without the key, what it encrypted is lost.',
      ...example(`keyfold encrypt -k local-raw:${quote(output)} report.pdf`, output),
    ].join('\n'),
    dataOnStdout: output === '-',
  };
}

async function generateRsa({ name, output, public: named, bits }: KeygenCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const publicFile = named ?? defaultPublicFile(output);
  if (publicFile === '-' || isSamePath(publicFile, output)) throw usageError('--public', 'name a file of its own for the public half.');
  // Both, before either is made.
  await assertWritable(publicFile, false);
  if (output !== '-') await assertWritable(output, false);
  const modulusLength = Number(bits ?? 3072) as 2048 | 3072 | 4096;
  const pair = await generateRsaKeyPair({ modulusLength, signal });
  const privateRemark = `Keyfold RSA-${modulusLength} private key, secret: whoever has it can open what its public half encrypted.`;
  const publicRemark = `Keyfold RSA-${modulusLength} public key: it can encrypt, and not decrypt.`;
  await writeKey(output, formatKeyFile(name, privateRemark, pair.privateKey), SECRET);
  await writeKey(publicFile, formatKeyFile(name, publicRemark, pair.publicKey), PUBLIC);
  return {
    json: { command: 'keygen', kind: 'rsa', name, bits: modulusLength, secretKey: output, publicKey: publicFile },
    summary: [
      `Made the RSA-${modulusLength} key ${name}.`,
      `${publicFile} encrypts, and may be given away.`,
      `${output === '-' ? 'What went to stdout' : output} decrypts: keep it offline, with a copy in another place.`,
      ...example(`keyfold encrypt -k local-raw:${quote(publicFile)} report.pdf`, output),
    ].join('\n'),
    dataOnStdout: output === '-',
  };
}

async function writeKey(path: string, text: string, mode: number): Promise<void> {
  if (path === '-') await writeToStdout(text);
  else await writeSmallFile(path, text, { mode, overwrite: false });
}

/** `break-glass.pem` -> `break-glass.pub.pem`. */
function defaultPublicFile(output: string): string {
  if (output === '-') throw usageError('--public', 'the private half goes to stdout, so name a file for the public half.');
  return `${output.replace(/\.pem$/, '')}.pub.pem`;
}

function example(command: string, output: string): string[] {
  return output === '-' ? [] : ['', `  ${command}`, ''];
}
