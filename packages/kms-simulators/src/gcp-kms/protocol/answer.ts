import type { ServiceError, StatusName } from './service-error.js';

/** An answer of the service, before it is sent. */
export interface KmsAnswer {
  /** `ok` or the name of the status. */
  readonly outcome: string;
  readonly status: StatusName | undefined;
  /** The sentence of an error. */
  readonly details: string;
  /** The message, encoded; empty for an error. */
  readonly message: Uint8Array;
}

export function answerOf(message: Uint8Array): KmsAnswer {
  return { outcome: 'ok', status: undefined, details: '', message };
}

export function errorAnswerOf({ status, message }: ServiceError): KmsAnswer {
  return { outcome: status, status, details: message, message: new Uint8Array(0) };
}
