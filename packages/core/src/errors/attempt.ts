import type { FailureReason } from './reason.js';

/** One key that was tried, or not tried, while wrapping or unwrapping: a row of an error's table. */
export interface Attempt {
  readonly provider: string;
  readonly keyring: string;
  readonly keyId: string;
  readonly outcome: 'failed' | 'skipped';
  readonly reason: FailureReason;
  readonly retryable: boolean;
  /** What happened, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
}

/** The attempts as lines of text, one key a line with its remedy beneath, for an error's message. */
export function formatAttempts(attempts: readonly Attempt[]): string {
  return attempts
    .map((a) => `\n  ${a.outcome} ${a.provider} ${a.keyId}: ${a.reason}: ${a.message}\n    ${a.remedy}`)
    .join('');
}
