import type { Command } from 'commander';
import type { RepairCommandOptions } from '../commands/repair.js';
import { collect, say, withKeyOptions, withReportOptions } from './shared-options.js';

const HELP = `
When a key service is down, a write policy may let an envelope be written
without that key, which is then noted as pending. This fills it in. Envelopes
that have nothing pending are passed over without a call to any service; of the
others, each pending key that can be reached now is wrapped, proven by opening
the envelope with it, and nothing else of the envelope is changed.

Name with -k a key that opens the envelopes, and the keys that are pending as
they were named when the envelopes were written: an alias as the alias. Without
-k, those that the configuration encrypts and decrypts with are used.

Exit code 6 says that a key is still out of reach, 8 that one is pending which
was not named.

Examples:
  Which envelopes wait for which key
    $ keyfold keys vault

  What would be filled in
    $ keyfold repair -k local-raw:app.key -k local-raw:backup.key \\
        --dry-run vault

  Fill it in; interrupted, the same command goes on
    $ keyfold repair -k local-raw:app.key -k local-raw:backup.key \\
        --checkpoint repair.log vault
`;

export function defineRepair(program: Command, signal: AbortSignal): void {
  const command = program
    .command('repair')
    .description('Fills in keys that were out of reach when envelopes were written, on files and whole folders.')
    .argument('[paths...]', 'envelopes, headers that were kept apart, and folders (default: this folder)');
  withKeyOptions(command)
    .option('--allow-unproven', 'take new keys of which only the public half is at hand')
    .option('-n, --dry-run', 'find out what would change, and change nothing')
    .option('-c, --context <key=value>', 'expect this pair in every envelope; repeatable', collect)
    .option('--external-context <key=value>', 'give a value that the envelopes do not store; repeatable', collect)
    .option('--any-context', 'repair envelopes whatever their context is')
    .option('--concurrency <n>', 'files at a time, 1 to 256 (default: 8)')
    .option('--checkpoint <file>', 'log what is done here, and go on from it')
    .option('--take-over', 'finish what a host that is gone for good began')
    .addHelpText('after', HELP);
  withReportOptions(command).action(async (paths: string[], options: RepairCommandOptions) => {
    const { repairCommand } = await import('../commands/repair.js');
    await say(repairCommand(paths, options, signal), options);
  });
}
