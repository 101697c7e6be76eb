import type { Attempt } from '../errors/attempt.js';
import type { Keyring } from '../keyring/keyring.js';

/** How long one operation may take in all. */
export class Deadline {
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  /** Calls `onPassed` when the time is up; what it returns stops the clock, and must be called. */
  start(onPassed: () => void): () => void {
    const timer = setTimeout(onPassed, this.milliseconds);
    return () => {
      clearTimeout(timer);
    };
  }
}

/** The row of an error's table for a member that did not answer in time. */
export function timedOut(keyring: Keyring, operation: 'wrap' | 'unwrap', milliseconds: number): Attempt {
  return {
    provider: keyring.provider,
    keyring: keyring.name,
    keyId: keyring.keks[0]?.keyId ?? keyring.name,
    outcome: 'failed',
    reason: 'timeout',
    retryable: true,
    message: `no answer to ${operation} within ${milliseconds} ms.`,
    remedy: 'Check that the service can be reached, or raise the deadline.',
  };
}
