import type { Command } from 'commander';
import type { DrillCommandOptions } from '../commands/drill.js';
import { collect, say, withKeyOptions, withReportOptions } from './shared-options.js';

const HELP = `
For each key, account, Region and provider that the headers name: if it were
lost, how many envelopes could still be opened, how many would hang on one last
key, and which would be lost. Folders are searched at any depth. Only headers
are read and no key is needed, unless --unwrap asks to really open envelopes
with what is left.

--must-survive takes any-key, any-account, any-region or any-provider;
any-two-keys, any-two-regions and so on; or the name of a loss that --lose or
the plan describes. Exit code 8 says that it does not hold, or that this cannot
be told: a header that could not be read, a loss that no key is known to suffer.

--lose takes what is lost together, with spaces between: region:<name>,
account:<name>, provider:<name>, key:<provider>:<key id>; and a name, if you
like.

Examples:
  What would be lost with what
    $ keyfold drill vault

  As a report that a browser shows and that can be printed
    $ keyfold drill --html drill.html --title "Vault, production" vault

  Nightly: fail if any single key's loss would lose anything
    $ keyfold drill --must-survive any-key vault

  A scenario of your own
    $ keyfold drill vault \\
        --lose "Frankfurt burns=region:eu-central-1 region:europe-west3"

  Really open three envelopes of each kind in each scenario, without lost keys
    $ keyfold drill --unwrap -k local-raw:app.key -k local-raw:backup.key \\
        --sample 3 vault

  With failure domains, replicas, losses and requirements out of a file
    $ keyfold drill --plan drill.json vault

The guide has what a plan may say: docs/guides/recovery-drill.md in the
repository.
`;

export function defineDrill(program: Command, signal: AbortSignal): void {
  const command = program
    .command('drill')
    .description('Recovery drill: what can still be opened when keys, Regions or providers are lost.')
    .argument('[paths...]', 'envelopes, headers that were kept apart, and folders (default: this folder)')
    .option('--must-survive <loss>', 'exit with 8 unless every envelope survives this; repeatable', collect)
    .option('--fail-on-pending', 'exit with 8 if an envelope waits for repair')
    .option('--lose <what>', 'a loss of your own, as [<name>=]<kind>:<value> …; repeatable', collect)
    .option('--plan <file>', 'losses, failure domains, replicas and requirements, as JSON')
    .option('--no-pairs', 'look only at one loss at a time')
    .option('--html <file>', 'write the report as one HTML page')
    .option('--title <text>', 'what the page is called')
    .option('-f, --force', 'replace the page if it exists')
    .option('--unwrap', 'really open envelopes, with the keys of -k or of the configuration')
    .option('--sample <n>', 'envelopes to open of those with the same keys, or "all" (default: 5)')
    .option('--concurrency <n>', 'envelopes to open at a time, 1 to 256 (default: 4)')
    .option('-c, --context <key=value>', 'expect this pair in every envelope that is opened; repeatable', collect)
    .option('--external-context <key=value>', 'give a value that the envelopes do not store; repeatable', collect);
  withKeyOptions(command).addHelpText('after', HELP);
  withReportOptions(command).action(async (paths: string[], options: DrillCommandOptions) => {
    const { drillCommand } = await import('../commands/drill.js');
    await say(drillCommand(paths, options, signal), options);
  });
}
