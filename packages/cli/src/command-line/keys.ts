import type { Command } from 'commander';
import type { KeysCommandOptions } from '../commands/keys.js';
import { collect, say, withReportOptions } from './shared-options.js';

const HELP = `
Folders are searched at any depth for envelopes, as bytes or text, and for
headers that were kept apart. Only headers are read.

  Needed by    envelopes that the key opens
  Only way in  those of them that nothing else opens: lost with the key
  Pending      envelopes that were to have the key and could not get it yet

Examples:
  Which keys open what is in this folder
    $ keyfold keys

  Is it safe to destroy a key, or one version of it? Exit code 0 says yes, 8 no
    $ keyfold keys --destroy local-raw:app-2025 vault backups

  For a script
    $ keyfold keys --json vault

The answer is true of the files that were named: envelopes elsewhere, such as in
backups, are not counted. What headers say is authenticated only when an
envelope is opened.
`;

export function defineKeys(program: Command, signal: AbortSignal): void {
  const command = program
    .command('keys')
    .description('Shows which keys envelopes need, and whether a key can be destroyed. Needs no key.')
    .argument('[paths...]', 'envelopes, headers that were kept apart, and folders (default: this folder)')
    .option('--destroy <key>', 'ask about this key, as <provider>:<key id>[@<version>]; several go together', collect)
    .addHelpText('after', HELP);
  withReportOptions(command).action(async (paths: string[], options: KeysCommandOptions) => {
    const { keysCommand } = await import('../commands/keys.js');
    await say(keysCommand(paths, options, signal), options);
  });
}
