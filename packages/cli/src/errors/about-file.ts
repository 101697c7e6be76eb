import { isKeyfoldError } from '@keyfold/core';
import type { ErrorCode, KeyfoldError } from '@keyfold/core';

/** Codes whose messages name the file themselves, or are about none. */
const SELF_EXPLAINED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid-argument',
  'file-exists',
  'file-failed',
  'file-busy',
  'keyring-contract',
  'aborted',
]);

const files = new WeakMap<KeyfoldError, string>();

/** Notes which file was being read when an error came up: the log of a script that reads many has to say which it was. */
export function noteFile(error: unknown, file: string | undefined): void {
  if (file !== undefined && isKeyfoldError(error) && !SELF_EXPLAINED.has(error.code)) files.set(error, file);
}

/** The file that an error is about, where its message does not say. */
export function notedFile(error: KeyfoldError): string | undefined {
  return files.get(error);
}
