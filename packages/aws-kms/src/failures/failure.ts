import type { FailureReason } from '@keyfold/core/keyring';

/** What a failed call tells its caller. */
export interface Failure {
  readonly reason: FailureReason;
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean;
  /** What happened, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
}

/** What can be read of anything that a client throws. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Of Node, for errors of the network: `ECONNRESET`. */
  readonly code: string | undefined;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;
  /** Whether it is an error that AWS KMS answered with, as opposed to one of the SDK or the network. */
  readonly isAnswer: boolean;
  /** Whether there was an answer that the SDK could not read. */
  readonly isUnreadable: boolean;
}

/** Reads by shape: the SDK's classes differ between copies of it, and many of its errors have none. */
export function readThrown(error: unknown): Thrown {
  const seen = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const metadata = (seen['$metadata'] ?? {}) as Readonly<Record<string, unknown>>;
  const isAnswer = seen['$fault'] === 'client' || seen['$fault'] === 'server';
  const status = metadata['httpStatusCode'];
  return {
    name: textOf(seen['name']) ?? 'Error',
    message: textOf(seen['message']) ?? '',
    code: textOf(seen['code']),
    status: typeof status === 'number' ? status : undefined,
    isAnswer,
    isUnreadable: !isAnswer && '$response' in seen,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
