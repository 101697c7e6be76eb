import type { Attempt } from '../errors/attempt.js';
import { invalidArgument } from '../errors/throw.js';
import type { Kek, Keyring } from '../keyring/keyring.js';

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

/** Refuses what no timer can do: longer ones fire at once. Throws `invalid-argument`. */
export function assertMilliseconds(value: number, argument: string): number {
  if (Number.isFinite(value) && value >= 0 && value < 2 ** 31) return value;
  throw invalidArgument(argument, 'pass a number of milliseconds, from 0 to 2147483647.');
}

/** The rows of an error's table for a member that did not answer in time: one for each of its keys. */
export function timedOut(keyring: Keyring, operation: 'wrap' | 'unwrap' | 'check', milliseconds: number): Attempt[] {
  return keysOf(keyring).map((kek) => ({
    ...kek,
    keyring: keyring.name,
    outcome: 'failed',
    reason: 'timeout',
    retryable: true,
    message: `no answer to ${operation} within ${milliseconds} ms.`,
    remedy: 'Check that the service can be reached, or raise the deadline.',
  }));
}

/** The same for a member that was still to be asked when the time was up. */
export function notAsked(keyring: Keyring, milliseconds: number): Attempt[] {
  return keysOf(keyring).map((kek) => ({
    ...kek,
    keyring: keyring.name,
    outcome: 'skipped',
    reason: 'timeout',
    retryable: true,
    message: `the deadline of ${milliseconds} ms had passed before its turn.`,
    remedy: 'Raise the deadline, lower the head start, or put members first that answer.',
  }));
}

/** A member's KEKs, to name them to a person. */
export function keysOf({ keks, provider, name }: Keyring): Kek[] {
  const named = keks.map(({ provider, keyId }) => ({ provider, keyId }));
  return named.length === 0 ? [{ provider, keyId: name }] : named;
}
