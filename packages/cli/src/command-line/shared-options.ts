import type { Command } from 'commander';
import type { Outcome, ReportOptions } from '../commands/outcome.js';

/** For an option that may be repeated. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** Options of commands that need a key. */
export function withKeyOptions(command: Command): Command {
  return command
    .option('-k, --key <key>', 'a key, or a keyring of the configuration; repeatable', collect)
    .option('--config <file>', 'the configuration (default: the nearest keyfold.config.json)')
    .option('--no-config', 'use no configuration');
}

/** Options of every command. */
export function withReportOptions(command: Command): Command {
  return command
    .option('--json', 'print the result or error as one JSON object')
    .option('-q, --quiet', 'say nothing but errors');
}

/** Says what a command has to say. */
export async function say(outcome: Promise<Outcome>, options: ReportOptions): Promise<void> {
  // In this order: while the module is loaded, nobody would hear of a failure.
  const result = await outcome;
  const { report } = await import('../commands/outcome.js');
  await report(result, options);
}
