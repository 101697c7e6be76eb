#!/usr/bin/env node
/** The command `keyfold`: runs what the command line asks for, and says to the outside how it went. */
import { CommanderError } from 'commander';
import { makeProgram } from './command-line/program.js';
import { EXIT } from './errors/exit.js';
import { watchSignals } from './signals.js';

const args = process.argv.slice(2);
const signals = watchSignals();
const program = makeProgram(signals.aborted);
// Whoever read our messages may have gone away: then there is nobody left to tell.
process.stderr.on('error', () => undefined);
// Data that stdout refuses fails where it is written; what is left are help and version. Unheard, it would end the process.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exitCode = error.code === 'EPIPE' ? EXIT.brokenPipe : EXIT.file;
});

try {
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : await reportFailure(error);
} finally {
  // A read of a named pipe may be left, whose writer is silent: the system waits for that, and nobody else does.
  signals.release();
}

/** Loads what it needs only now: most runs do not fail. */
async function reportFailure(error: unknown): Promise<number> {
  const { reportError } = await import('./errors/report-error.js');
  const { isKeyfoldError } = await import('@keyfold/core');
  const name = args.find((arg) => !arg.startsWith('-'));
  const command = program.commands.find((candidate) => candidate.name() === name)?.name();
  const exitCode = await reportError(error, { json: args.includes('--json'), command });
  if (isKeyfoldError(error, 'aborted')) signals.endIfReceived();
  return exitCode;
}
