import type { FormatRule } from './format-rule.js';
import { KeyfoldError } from './keyfold-error.js';

/**
 * The error for an argument that is refused at the call, whose message begins with its name.
 *
 * @param argument - its name as the caller wrote it, e.g. `options.key`
 * @param message - what to pass, and never what was passed
 */
export function invalidArgument(argument: string, message: string): KeyfoldError<'invalid-argument'> {
  return new KeyfoldError('invalid-argument', `${argument}: ${message}`, { argument });
}

/** The bytes break a rule of the format. */
export function malformed(rule: FormatRule, offset: number, message: string): KeyfoldError<'malformed'> {
  return new KeyfoldError(
    'malformed',
    `Not a valid Keyfold envelope (${rule} at byte ${offset}): ${message} Get the bytes from their source again.`,
    { rule, offset },
  );
}

/** A limit of the format or of the caller's policy was exceeded. */
export function limitExceeded(
  limit: string,
  maximum: number,
  actual: number,
  remedy: string,
): KeyfoldError<'limit-exceeded'> {
  return new KeyfoldError('limit-exceeded', `${limit} is ${actual}, the limit is ${maximum}. ${remedy}`, {
    limit,
    maximum,
    actual,
  });
}
