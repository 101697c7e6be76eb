import { Argument, Option } from 'commander';
import type { Command } from 'commander';
import type { KeygenCommandOptions } from '../commands/keygen.js';
import { say, withReportOptions } from './shared-options.js';

const HELP = `
A key file is text: it holds the key's name, and is never overwritten. Whoever
has a secret key can open what it protects; who loses the last copy cannot.

Examples:
  An everyday key
    $ keyfold keygen --name app-2026 -o app.key

  A break-glass key: break-glass.pub.pem encrypts, break-glass.pem stays offline
    $ keyfold keygen rsa --name break-glass -o break-glass.pem

  Straight into a password manager, with no file
    $ keyfold keygen --name app-2026 -o - | pass insert -m app-2026
`;

export function defineKeygen(program: Command, signal: AbortSignal): void {
  const command = program
    .command('keygen')
    .description('Makes a key in a file.')
    .addArgument(new Argument('[kind]', 'an everyday key, or a pair of which one half can stay offline').choices(['aes', 'rsa']).default('aes'))
    .requiredOption('-n, --name <name>', 'what envelopes call the key, such as app-2026')
    .requiredOption('-o, --output <file>', 'file for the secret key; - for stdout')
    .option('--public <file>', 'file for the public half of an rsa key (default: the output with .pub.pem)')
    .addOption(new Option('--bits <n>', 'size of an rsa key (default: 3072)').choices(['2048', '3072', '4096']))
    .addHelpText('after', HELP);
  withReportOptions(command).action(async (kind: 'aes' | 'rsa', options: KeygenCommandOptions) => {
    const { keygenCommand } = await import('../commands/keygen.js');
    await say(keygenCommand(kind, options, signal), options);
  });
}
