import type { Command } from 'commander';
import type { CheckCommandOptions } from '../commands/check.js';
import { say, withKeyOptions, withReportOptions } from './shared-options.js';

const HELP = `
One line for each key: whether its service answers, the key's state, what these
credentials may do with it, and beneath it what to do if something is wrong. A
question mark says that it could not be found out. Nothing is changed.

Exit code 0 says that all is well, 8 that something is not.

Examples:
  A key file, and the two halves of a break-glass key
    $ keyfold check -k local-raw:app.key
    $ keyfold check -k local-raw:break-glass.pub.pem \\
        -k local-raw:break-glass.pem

  Every keyring of the configuration
    $ keyfold check

  From a monitor
    $ keyfold check --json
`;

export function defineCheck(program: Command, signal: AbortSignal): void {
  const command = program.command('check').description('Checks that keys are there, and what these credentials may do with them.');
  withKeyOptions(command).addHelpText('after', HELP);
  withReportOptions(command).action(async (options: CheckCommandOptions) => {
    const { checkCommand } = await import('../commands/check.js');
    await say(checkCommand(options, signal), options);
  });
}
