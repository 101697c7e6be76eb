import type { Attempt, ErrorCode, KeyfoldError } from '@keyfold/core';
import { isKeyfoldError } from '@keyfold/core';

/** What the process says to the script that started it. The README has the same table. */
export const EXIT = {
  ok: 0,
  /** A bug of ours or of a keyring. */
  unexpected: 1,
  /** The command line, the configuration or a key file makes no sense. Nothing was done. */
  usage: 2,
  /** The keys or the context at hand do not open the envelope, or a key refused to wrap. */
  refused: 3,
  /** What was read is damaged, cut short, or no envelope. */
  damaged: 4,
  /** A file exists, or the file system refused. */
  file: 5,
  /** A key service did not answer; the same command may succeed later. */
  unavailable: 6,
  /** Made by a newer release, or over a limit. */
  unsupported: 7,
  /** The reader of stdout went away: 128 + SIGPIPE, as of any other program in a pipeline. */
  brokenPipe: 141,
} as const;

/** Exhaustive: a new error code does not compile before it is given its exit code. */
const EXIT_OF_CODE = {
  'invalid-argument': EXIT.usage,
  malformed: EXIT.damaged,
  truncated: EXIT.damaged,
  unsupported: EXIT.unsupported,
  'limit-exceeded': EXIT.unsupported,
  'context-mismatch': EXIT.refused,
  'context-required': EXIT.refused,
  'external-context-missing': EXIT.refused,
  'no-matching-key': EXIT.refused,
  'wrap-failed': EXIT.refused,
  'unwrap-failed': EXIT.refused,
  'keyring-failed': EXIT.refused,
  'keyring-contract': EXIT.unexpected,
  'payload-mismatch': EXIT.damaged,
  'payload-damaged': EXIT.damaged,
  'length-mismatch': EXIT.file,
  'already-used': EXIT.unexpected,
  'rewrap-refused': EXIT.refused,
  // A signal that ends the process gives 128 and its number instead: see main.ts.
  aborted: EXIT.unexpected,
  'file-exists': EXIT.file,
  'file-failed': EXIT.file,
} satisfies Record<ErrorCode, number>;

/** The exit code for anything thrown. */
export function exitCodeOf(error: unknown): number {
  if (!isKeyfoldError(error)) return EXIT.unexpected;
  if (attemptsIn(error).some(({ retryable }) => retryable)) return EXIT.unavailable;
  return EXIT_OF_CODE[error.code];
}

/** The calls to keys that an error tells of. */
function attemptsIn(error: KeyfoldError): readonly Pick<Attempt, 'retryable'>[] {
  if (isKeyfoldError(error, 'wrap-failed') || isKeyfoldError(error, 'unwrap-failed')) return error.details.attempts;
  if (isKeyfoldError(error, 'keyring-failed')) return [error.details];
  return [];
}
