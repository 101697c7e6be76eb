import { writeToStdout } from '../files/stdout-writer.js';
import { wrapText } from '../terminal/wrap.js';

/** What a command has to say when it is done. */
export interface Outcome {
  /** For machines. */
  readonly json: Readonly<Record<string, unknown>>;
  /** For people, about what was done: to stderr. */
  readonly summary?: string;
  /** For people, and what they asked for: to stdout. */
  readonly answer?: string;
  /** For people, and also when they asked for quiet: what went wrong although the command did what it could. To stderr. */
  readonly problems?: string;
  /** When it is not 0 although the command did what it could: one of `EXIT`. */
  readonly exitCode?: number;
  /** Whether the data itself went to stdout, where nothing else may go then. */
  readonly dataOnStdout?: boolean;
}

/** Options that every command has. */
export interface ReportOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What commands have that ask keys. */
export interface TraceOptions {
  readonly trace?: boolean;
}

export async function report(outcome: Outcome, options: ReportOptions): Promise<void> {
  if (outcome.exitCode !== undefined) process.exitCode = outcome.exitCode;
  if (options.json === true) {
    const line = `${JSON.stringify(outcome.json)}\n`;
    if (outcome.dataOnStdout === true) process.stderr.write(line);
    else await writeToStdout(line);
    return;
  }
  if (outcome.answer !== undefined) await writeToStdout(outcome.answer);
  if (outcome.problems !== undefined) process.stderr.write(`${forTerminal(outcome.problems)}\n`);
  if (outcome.summary !== undefined && options.quiet !== true) process.stderr.write(`${forTerminal(outcome.summary)}\n`);
}

function forTerminal(text: string): string {
  return process.stderr.isTTY ? wrapText(text, process.stderr.columns) : text;
}
