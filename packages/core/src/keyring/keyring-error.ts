import type { KeyringFailure } from '../errors/codes.js';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import type { Attempt } from '../errors/attempt.js';
import { formatAttempts } from '../errors/attempt.js';

/**
 * The error of one failed call to one key, for keyrings to throw.
 *
 * @param message - what happened, in one sentence, without any key bytes
 * @example
 * ```ts
 * throw keyringError(
 *   { provider: 'acme', keyring: this.name, keyId, operation: 'wrap', reason: 'throttled', retryable: true,
 *     remedy: 'Ask for a higher quota, or use a caching keyring.' },
 *   'Acme KMS answered 429.',
 *   cause,
 * );
 * ```
 */
export function keyringError(
  failure: KeyringFailure,
  message: string,
  cause?: unknown,
): KeyfoldError<'keyring-failed'> {
  return new KeyfoldError('keyring-failed', `${beginningOf(failure)}${message} ${failure.remedy}`, failure, cause);
}

/** What stands before the sentence that says what happened. */
function beginningOf({ provider, keyId, operation, reason }: KeyringFailure): string {
  return `${provider} ${keyId}: ${operation} failed (${reason}): `;
}

/** What happened, out of an error's message: the rest of it has fields of its own in a table. */
function whatHappened({ message, details }: KeyfoldError<'keyring-failed'>): string {
  const [beginning, end] = [beginningOf(details), ` ${details.remedy}`];
  return message.startsWith(beginning) && message.endsWith(end) ? message.slice(beginning.length, -end.length) : message;
}

/** The rows that something thrown by a keyring adds to an error's table. */
export function attemptsOf(
  thrown: unknown,
  keyring: { readonly provider: string; readonly name: string },
): readonly Attempt[] {
  if (isKeyfoldError(thrown, 'wrap-failed') || isKeyfoldError(thrown, 'unwrap-failed')) return thrown.details.attempts;
  if (isKeyfoldError(thrown, 'keyring-failed')) {
    const { provider, keyring: name, keyId, reason, retryable, remedy } = thrown.details;
    return [{ provider, keyring: name, keyId, outcome: 'failed', reason, retryable, remedy, message: whatHappened(thrown) }];
  }
  const remedy = 'The error’s cause has what was thrown; if it is a bug of the keyring, report it there.';
  const { provider, name } = keyring;
  return [
    {
      provider,
      keyring: name,
      keyId: name,
      outcome: 'failed',
      reason: 'unknown',
      retryable: false,
      remedy,
      message: isKeyfoldError(thrown) ? thrown.message : 'the keyring threw something unexpected.',
    },
  ];
}

/** `wrap-failed`, with every attempt in its message and as data. */
export function wrapFailed(attempts: readonly Attempt[], cause?: unknown): KeyfoldError<'wrap-failed'> {
  const message = `The data key could not be wrapped, so nothing was written:${formatAttempts(attempts)}`;
  return new KeyfoldError('wrap-failed', message, { attempts }, cause);
}

/** `unwrap-failed`, with every attempt in its message and as data. */
export function unwrapFailed(attempts: readonly Attempt[], cause?: unknown): KeyfoldError<'unwrap-failed'> {
  const message = `None of the keys at hand opens this envelope:${formatAttempts(attempts)}`;
  return new KeyfoldError('unwrap-failed', message, { attempts }, cause);
}
