import { isKeyfoldError, KeyfoldError } from '@keyfold/core';
import { CommanderError } from 'commander';
import { colorsFor } from '../terminal/colors.js';
import { printable, printableLine } from '../terminal/printable.js';
import { wrapText } from '../terminal/wrap.js';
import { notedFile } from './about-file.js';
import { cliMessage } from './cli-message.js';
import { EXIT } from './exit.js';
import { exitCodeOf } from './exit-codes.js';
import { StdoutClosed } from './stdout-closed.js';

const NAME = 'keyfold:';

export interface ErrorReportOptions {
  /** As one JSON object in a line, for machines. */
  readonly json: boolean;
  /** The command that failed, whose help may be what is needed. */
  readonly command: string | undefined;
}

/** Says on stderr what went wrong. Returns the exit code that says it to scripts. */
export async function reportError(thrown: unknown, options: ErrorReportOptions): Promise<number> {
  if (thrown instanceof StdoutClosed) return EXIT.brokenPipe;
  const error = thrown instanceof CommanderError ? ofCommander(thrown, options.command) : thrown;
  // It has printed the help instead.
  if (error === undefined) return EXIT.usage;
  const exitCode = exitCodeOf(error);
  const text = options.json ? asJson(error, exitCode, options.command) : asText(error, options.command);
  await new Promise<void>((resolve) => {
    process.stderr.write(`${text}\n`, () => {
      resolve();
    });
  });
  return exitCode;
}

/** What commander finds wrong with a command line; `undefined` when nothing was asked for. */
function ofCommander(error: CommanderError, command: string | undefined): Error | undefined {
  if (error.code === 'commander.help') return undefined;
  const found = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const message = error.code === 'commander.excessArguments' ? found + oneAtATime(command) : found;
  return new KeyfoldError('invalid-argument', message, { argument: 'command line' }, error);
}

/** What to do with several inputs, as a pattern of the shell gives them, where one is taken. */
function oneAtATime(command: string | undefined): string {
  if (command === 'encrypt') return ' Encrypt one file at a time, in a loop, or pack several with tar.';
  return command === 'decrypt' || command === 'inspect' ? ' Take one file at a time, in a loop.' : '';
}

function asJson(error: unknown, exitCode: number, command: string | undefined): string {
  const { code, message, details } = isKeyfoldError(error)
    ? { code: error.code, message: cliMessage(error, command), details: error.details }
    : { code: 'unexpected', message: messageOf(error), details: {} };
  return JSON.stringify({ error: { code, exitCode, message, details } });
}

function asText(error: unknown, command: string | undefined): string {
  const { red, bold, dim } = colorsFor(process.stderr);
  const say = (text: string): string => {
    const line = printable(`${NAME} ${text}`);
    const wrapped = process.stderr.isTTY ? wrapText(line, process.stderr.columns) : line;
    return red(bold(NAME)) + wrapped.slice(NAME.length);
  };
  if (isKeyfoldError(error)) {
    const hint = isKeyfoldError(error, 'invalid-argument') ? `\n${dim(helpHint(command))}` : '';
    const file = notedFile(error);
    return say(`${file === undefined ? '' : `${printableLine(file)}: `}${cliMessage(error, command)}`) + hint;
  }
  const trace = process.env['KEYFOLD_DEBUG'] === undefined ? ' Set KEYFOLD_DEBUG=1 to see where.' : `\n${stackOf(error)}`;
  return say(`This should not have happened, please report it: ${messageOf(error)}${trace}`);
}

function helpHint(command: string | undefined): string {
  return `Examples: keyfold ${command === undefined ? '' : `${command} `}--help`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
