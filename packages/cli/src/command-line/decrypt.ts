import type { Command } from 'commander';
import type { DecryptCommandOptions } from '../commands/decrypt.js';
import { collect, say, traced, withKeyOptions, withReportOptions, withTraceOption } from './shared-options.js';

const HELP = `
Keys are named as for encrypt: see keyfold encrypt --help.

Examples:
  report.pdf.keyfold into report.pdf
    $ keyfold decrypt -k local-raw:app.key report.pdf.keyfold

  A folder, through a pipe
    $ keyfold decrypt -k local-raw:app.key < photos.tar.keyfold | tar x

  An envelope that is bound to a context: name what you expect of it
    $ keyfold decrypt -k local-raw:app.key -c tenant=acme in.pdf.keyfold

  Text from an environment variable
    $ printf %s "$SECRET" | keyfold decrypt -k local-raw:app.key

  In an outage: which keys are asked, which fail, which one answers, and when
    $ keyfold decrypt -k local-raw:app.key --trace report.pdf.keyfold -o copy

  A payload whose header was kept apart
    $ keyfold decrypt -k local-raw:app.key --header film.header film.mp4.keyfold

A file appears whole, once every byte of it was authenticated, or not at all. Of
what goes to stdout each part is authenticated, but that nothing is missing is
known only at the end: wait for exit code 0 before you rely on it.
`;

export function defineDecrypt(program: Command, signal: AbortSignal): void {
  const command = program
    .command('decrypt')
    .description('Opens an envelope, as bytes or as text.')
    .argument('[input]', 'envelope to open; - or nothing for stdin')
    .option('-o, --output <file>', 'file for the plaintext; - for stdout (default: the input without .keyfold; stdout for stdin)')
    .option('-f, --force', 'replace a file that exists');
  withKeyOptions(command)
    .option('-c, --context <key=value>', 'expect this pair in the envelope; repeatable', collect)
    .option('--external-context <key=value>', 'give a value that the envelope does not store; repeatable', collect)
    .option('--any-context', 'open the envelope whatever its context is')
    .option('--header <file>', 'the header, if it was kept apart')
    .addHelpText('after', HELP);
  withReportOptions(withTraceOption(command)).action(async (input: string | undefined, options: DecryptCommandOptions) => {
    const { decryptCommand } = await import('../commands/decrypt.js');
    await say(
      traced(options, async () => await decryptCommand(input, options, signal)),
      options,
    );
  });
}
