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

/** What a client threw, and the HTTP status of the answer that it had before, if any. */
export class Answered extends Error {
  override readonly name = 'Answered';
  readonly status: number | undefined;
  constructor(cause: unknown, status: number | undefined) {
    super('The client threw.', { cause });
    this.status = status;
  }
}

/** What can be read of anything that a client throws. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Of HTTP; `undefined` where there was no answer. */
  readonly status: number | undefined;
  /** Of the service (`Forbidden`), of Node (`ENOENT`), or of the SDK (`PARSE_ERROR`). */
  readonly code: string | undefined;
  /** Says more exactly what the service means: `KeyDisabled`. */
  readonly inner: string | undefined;
  /** Whether the body of the answer has the form of the service's errors. */
  readonly isOfService: boolean;
}

/** Reads by shape: the SDK's classes differ between copies of it, and many of its errors have none. */
export function readThrown(error: unknown): Thrown {
  const thrown = error instanceof Answered ? error.cause : error;
  const { name, message, statusCode, code, details } = record(thrown);
  const body = record(record(details)['error']);
  const { code: inner } = record(body['innerError'] ?? body['innererror']);
  const status = number(statusCode) ?? (error instanceof Answered ? error.status : undefined);
  return {
    name: text(name) ?? 'Error',
    message: text(message) ?? '',
    status,
    code: text(body['code']) ?? text(code),
    inner: text(inner),
    isOfService: text(body['code']) !== undefined,
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
