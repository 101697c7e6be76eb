import type { Command } from 'commander';
import type { EncryptCommandOptions } from '../commands/encrypt.js';
import { collect, say, traced, withKeyOptions, withReportOptions, withTraceOption } from './shared-options.js';

const HELP = `
Keys:
  -k local-raw:<file>         a key file: keygen's, PEM, JSON Web Key, 32 bytes
  -k local-raw:<file>#<name>  its key's name too, where the file does not say it
  -k aws-kms:<ARN or alias>   a key in AWS KMS
  -k gcp-kms:projects/…       a key in Google Cloud KMS
  -k azure-keyvault:https://… a key in Azure Key Vault or a Managed HSM
  -k <name>                   a keyring of the configuration
  With several keys, each of them alone opens the envelope.

Examples:
  report.pdf into report.pdf.keyfold
    $ keyfold encrypt -k local-raw:app.key report.pdf

  A folder, through a pipe
    $ tar c photos | keyfold encrypt -k local-raw:app.key -o photos.tar.keyfold

  Bound to a context, which decrypting has to name
    $ keyfold encrypt -k local-raw:app.key -c tenant=acme -c kind=invoice in.pdf

  A short secret as text, for an environment variable or a database column
    $ printf %s "$TOKEN" | keyfold encrypt -k local-raw:app.key --text

  The header apart, so that keys can be replaced without touching the payload
    $ keyfold encrypt -k local-raw:app.key --header film.header film.mp4

Files appear whole, once they are complete, or not at all. A pipe does not tell
that the command which fills it failed and its data ended too early: in a
script, let "set -o pipefail" tell you, and keep the backup before.
`;

export function defineEncrypt(program: Command, signal: AbortSignal): void {
  const command = program
    .command('encrypt')
    .description('Encrypts a file, or what comes through a pipe.')
    .argument('[input]', 'file to encrypt; - or nothing for stdin')
    .option('-o, --output <file>', 'file for the envelope; - for stdout (default: the input with .keyfold; stdout for stdin)')
    .option('-f, --force', 'replace files that exist');
  withKeyOptions(command)
    .option('-c, --context <key=value>', 'bind this pair to the envelope and store it there; repeatable', collect)
    .option('--external-context <key=value>', 'bind this pair and store its key alone; repeatable', collect)
    .option('--header <file>', 'keep the header apart, in this file')
    .option('--text', 'write text, for up to 16 MiB of data')
    .addHelpText('after', HELP);
  withReportOptions(withTraceOption(command)).action(async (input: string | undefined, options: EncryptCommandOptions) => {
    const { encryptCommand } = await import('../commands/encrypt.js');
    await say(
      traced(options, async () => await encryptCommand(input, options, signal)),
      options,
    );
  });
}
