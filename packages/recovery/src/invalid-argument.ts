import { KeyfoldError } from '@keyfold/core';

/** An argument was refused at the call. `argument` is its name as the caller wrote it. */
export function invalidArgument(argument: string, message: string): KeyfoldError<'invalid-argument'> {
  return new KeyfoldError('invalid-argument', `${argument}: ${message}`, { argument });
}
