import type { Output } from '../operations/operation.js';
import type { KmsError } from './kms-error.js';

/** An answer of the service, before it is sent. */
export interface KmsAnswer {
  /** `ok` or the error's code. */
  readonly outcome: string;
  readonly status: number;
  /** AWS JSON 1.1. */
  readonly body: Uint8Array<ArrayBuffer>;
}

export function answerOf(output: Output): KmsAnswer {
  // EnableKey and its like answer with no body at all.
  return { outcome: 'ok', status: 200, body: Object.keys(output).length === 0 ? new Uint8Array(0) : encode(output) };
}

/** Errors name their type in `__type`; one without a message has no such field. */
export function errorAnswerOf(error: KmsError): KmsAnswer {
  const { code, message, status } = error;
  return {
    outcome: code,
    status,
    body: encode(message === '' ? { __type: code } : { __type: code, message }),
  };
}

function encode(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
