import type { ErrorCode, ErrorDetails } from './codes.js';

/** Survives two installed copies of this package, where `instanceof` does not. */
const brand = Symbol.for('@keyfold/core/error');

/**
 * Every error that Keyfold throws on purpose.
 *
 * `code` is stable and meant for programs, `details` holds its data, `message` says to a person what to do. No
 * message holds key bytes, plaintext or context values.
 *
 * @example
 * ```ts
 * try {
 *   await decrypt(envelope, { keyring });
 * } catch (error) {
 *   if (isKeyfoldError(error, 'unwrap-failed')) console.error(error.details.attempts);
 *   else throw error;
 * }
 * ```
 */
export class KeyfoldError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly code: Code;
  readonly details: ErrorDetails[Code];
  constructor(code: Code, message: string, details: ErrorDetails[Code], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** `AbortError` for an abort, as everywhere on the platform; else `KeyfoldError`. */
  override get name(): string {
    return this.code === 'aborted' ? 'AbortError' : 'KeyfoldError';
  }
}

Object.defineProperty(KeyfoldError.prototype, brand, { value: true });

/**
 * Whether `value` is an error of Keyfold, and one with `code` if that is given. Also true for errors of another
 * installed copy of this package.
 */
export function isKeyfoldError<Code extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: Code,
): value is KeyfoldError<Code> {
  if (typeof value !== 'object' || value === null || !(brand in value)) return false;
  return code === undefined || (value as { code?: unknown }).code === code;
}
