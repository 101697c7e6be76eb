import type { Command } from 'commander';
import type { RewrapCommandOptions } from '../commands/rewrap.js';
import { collect, say, traced, withKeyOptions, withReportOptions, withTraceOption } from './shared-options.js';

const HELP = `
Folders are searched at any depth for files that begin as envelopes, or as
headers that were kept apart; all others are passed over. The data itself is not
touched.

Every new key is proven by opening the envelope with it before an old one is
dropped. At every moment each file can be opened, also if this is killed.

Examples:
  What would change
    $ keyfold rewrap -k local-raw:app.key --wrap-with local-raw:new.key \\
        --dry-run vault

  A second key beside the one that is there
    $ keyfold rewrap -k local-raw:app.key --wrap-with local-raw:new.key vault

  The old key out, and at least two keys left in each envelope
    $ keyfold rewrap -k local-raw:app.key --wrap-with local-raw:new.key \\
        --wrap-with local-raw:break-glass.pem --remove local-raw:app \\
        --minimum 2 --checkpoint rewrap.log vault

  Which keys are needed now, and whether the old one can go
    $ keyfold keys vault
    $ keyfold keys --destroy local-raw:app vault
`;

export function defineRewrap(program: Command, signal: AbortSignal): void {
  const command = program
    .command('rewrap')
    .description('Changes which keys open envelopes, on files and whole folders.')
    .argument('<paths...>', 'envelopes, headers that were kept apart, and folders');
  withKeyOptions(command)
    .option('-w, --wrap-with <key>', 'a key that shall open the envelopes; moves to its newest version; repeatable', collect)
    .option('--remove <key>', 'a key that shall not, as <provider>:<key id>[@<version>]; repeatable', collect)
    .option('--refresh', 'wrap again also under keys that are there already')
    .option('--minimum <n>', 'refuse to leave an envelope with fewer keys (default: 1)')
    .option('--allow-unproven', 'take new keys of which only the public half is at hand')
    .option('-n, --dry-run', 'find out what would change, and change nothing')
    .option('-c, --context <key=value>', 'expect this pair in every envelope; repeatable', collect)
    .option('--external-context <key=value>', 'give a value that the envelopes do not store; repeatable', collect)
    .option('--any-context', 'rewrap envelopes whatever their context is')
    .option('--concurrency <n>', 'files at a time, 1 to 256 (default: 8)')
    .option('--checkpoint <file>', 'log what is done here, and go on from it')
    .option('--take-over', 'finish what a host that is gone for good began')
    .addHelpText('after', HELP);
  withReportOptions(withTraceOption(command)).action(async (paths: string[], options: RewrapCommandOptions) => {
    const { rewrapCommand } = await import('../commands/rewrap.js');
    await say(
      traced(options, async () => await rewrapCommand(paths, options, signal)),
      options,
    );
  });
}
