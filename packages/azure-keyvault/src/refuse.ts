import { KeyfoldError } from '@keyfold/core/keyring';

/** The error for an argument that is refused at the call. The message says what to pass. */
export function invalidArgument(argument: string, message: string): KeyfoldError<'invalid-argument'> {
  return new KeyfoldError('invalid-argument', `${argument}: ${message}`, { argument });
}

/** Refuses a missing or wrong options object; `usage` is the call as it should be. Throws `invalid-argument`. */
export function assertOptions(options: unknown, usage: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw invalidArgument('options', `pass an object, as in ${usage}.`);
}
