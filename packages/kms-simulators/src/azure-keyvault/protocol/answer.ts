import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../shared/net/deliver-http.js';
import type { Output } from '../operations/operation.js';
import type { VaultError } from './vault-error.js';

export function answerOf(output: Output, region: string): HttpAnswer {
  return answer('ok', output === undefined ? 204 : 200, output, region);
}

export function errorAnswerOf({ status, code, message, inner, headers }: VaultError, region: string): HttpAnswer {
  const error = { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) };
  return answer(inner ?? code, status, { error }, region, headers);
}

function answer(
  outcome: string,
  status: number,
  body: object | undefined,
  region: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  return {
    outcome,
    status,
    headers: {
      'cache-control': 'no-cache',
      'content-type': 'application/json; charset=utf-8',
      'x-ms-keyvault-region': region,
      'x-ms-request-id': randomUUID(),
      ...headers,
    },
    body: body === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(body)),
  };
}
