import type { Attempt, ErrorCode, KeyfoldError } from '@keyfold/core';
import { isKeyfoldError } from '@keyfold/core';
import { EXIT } from './exit.js';

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
  'file-busy': EXIT.file,
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
