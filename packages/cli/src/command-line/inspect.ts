import type { Command } from 'commander';
import type { ReportOptions } from '../commands/outcome.js';
import { say, withReportOptions } from './shared-options.js';

const HELP = `
Examples:
  An envelope, a header that was kept apart, a text from the environment
    $ keyfold inspect report.pdf.keyfold
    $ keyfold inspect film.header
    $ printf %s "$SECRET" | keyfold inspect

  For a script, which keys open it
    $ keyfold inspect --json report.pdf.keyfold

What a header says is authenticated only when the envelope is opened.
`;

export function defineInspect(program: Command, signal: AbortSignal): void {
  const command = program
    .command('inspect')
    .description('Shows what the header of an envelope says. Needs no key.')
    .argument('[input]', 'envelope or header, as bytes or text; - or nothing for stdin')
    .addHelpText('after', HELP);
  withReportOptions(command).action(async (input: string | undefined, options: ReportOptions) => {
    const { inspectCommand } = await import('../commands/inspect.js');
    await say(inspectCommand(input, signal), options);
  });
}
