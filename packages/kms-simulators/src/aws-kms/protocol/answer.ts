import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../shared/net/deliver-http.js';
import type { Output } from '../operations/operation.js';
import type { KmsError } from './kms-error.js';

export function answerOf(output: Output): HttpAnswer {
  // EnableKey and its like answer with no body at all.
  return answer('ok', 200, Object.keys(output).length === 0 ? new Uint8Array(0) : encode(output));
}

/** Errors name their type in `__type`; one without a message has no such field. */
export function errorAnswerOf(error: KmsError): HttpAnswer {
  const { code, message, status } = error;
  return answer(code, status, encode(message === '' ? { __type: code } : { __type: code, message }));
}

/** AWS JSON 1.1. */
function answer(outcome: string, status: number, body: Uint8Array<ArrayBuffer>): HttpAnswer {
  const headers = {
    'cache-control': 'no-cache, no-store, must-revalidate, private',
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  };
  return { outcome, status, headers, body };
}

function encode(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}
