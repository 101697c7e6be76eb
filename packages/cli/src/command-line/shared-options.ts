import type { Command } from 'commander';
import type { Outcome, ReportOptions, TraceOptions } from '../commands/outcome.js';

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

/** For commands that ask keys. */
export function withTraceOption(command: Command): Command {
  return command.option('--trace', 'say on stderr which keys are asked, what comes of it, and when');
}

/** Runs a command, as `--trace` says. */
export async function traced<T>(options: ReportOptions & TraceOptions, work: () => Promise<T>): Promise<T> {
  if (options.trace !== true) return await work();
  const { printTrace } = await import('../trace/print-trace.js');
  return await printTrace(options, work);
}

/** Says what a command has to say. */
export async function say(outcome: Promise<Outcome>, options: ReportOptions): Promise<void> {
  // In this order: while the module is loaded, nobody would hear of a failure.
  const result = await outcome;
  const { report } = await import('../commands/outcome.js');
  await report(result, options);
}
