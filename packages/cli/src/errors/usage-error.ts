import { KeyfoldError } from '@keyfold/core';

/** Refuses a part of the command line or of a configuration. `argument` is its name as the user wrote it. */
export function usageError(argument: string, message: string, cause?: unknown): KeyfoldError<'invalid-argument'> {
  return new KeyfoldError('invalid-argument', `${argument}: ${message}`, { argument }, cause);
}
