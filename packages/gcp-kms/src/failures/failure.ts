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
  /** The service's own words, where it was the service that answered. */
  readonly message: string;
  /** Status of gRPC, 1 to 16. */
  readonly status: number | undefined;
  /** Of Node, for errors of files and of the network: `ENOENT`. */
  readonly code: string | undefined;
}

/** Reads by shape: the SDK's classes differ between copies of it, and many of its errors have none. */
export function readThrown(error: unknown): Thrown {
  const { name, message, details, code } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof details === 'string' ? details : typeof message === 'string' ? message : '',
    status: typeof code === 'number' ? code : undefined,
    code: typeof code === 'string' ? code : undefined,
  };
}
