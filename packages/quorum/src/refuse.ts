import { KeyfoldError } from '@keyfold/core/keyring';

/** The error for an argument that is refused at the call. The message says what to pass. */
export function invalidArgument(argument: string, message: string): KeyfoldError<'invalid-argument'> {
  return new KeyfoldError('invalid-argument', `${argument}: ${message}`, { argument });
}
