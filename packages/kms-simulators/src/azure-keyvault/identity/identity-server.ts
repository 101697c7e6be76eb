import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Controlled } from '../../shared/control/controlled.js';
import type { ServiceEffect } from '../../shared/faults/under-fault.js';
import { underFault } from '../../shared/faults/under-fault.js';
import { connectionGone } from '../../shared/net/connection-gone.js';
import { deliverHttp, type HttpAnswer } from '../../shared/net/deliver-http.js';
import type { RequestFacts } from '../../shared/requests/request-facts.js';
import { VaultError } from '../protocol/vault-error.js';
import { refusalOf } from '../service-faults.js';
import { issueToken } from './tokens.js';

/** What a request for a token is counted as. */
export const GET_TOKEN = 'GetToken';

/** Stands in the environment for the secret that Azure App Service gives to a program. */
export const IDENTITY_HEADER = 'simulator';

/** A day, as tokens of managed identities live in Azure. */
const LIFETIME_MS = 86_400_000;

/**
 * Answers a request for a token of a managed identity, as Azure App Service does, version 2019-08-01:
 * `GET /msi/token?resource=…&api-version=…` with the secret in the header X-IDENTITY-HEADER.
 */
export async function respondWithToken(
  request: IncomingMessage,
  response: ServerResponse,
  tenant: string,
  { faults, requests }: Pick<Controlled, 'faults' | 'requests'>,
): Promise<void> {
  const facts: RequestFacts = { provider: 'azure-keyvault', region: '', account: tenant, operation: GET_TOKEN, keys: [] };
  const delivery = await underFault({
    facts,
    faults,
    requests,
    gone: connectionGone(response),
    work: async (effect) => await Promise.resolve(answer(request, tenant, effect, facts)),
  });
  deliverHttp(response, delivery);
}

function answer(request: IncomingMessage, tenant: string, effect: ServiceEffect | undefined, facts: RequestFacts): HttpAnswer {
  const refusal = effect && refusalOf(effect, facts);
  if (refusal instanceof VaultError) return failure(refusal.status, refusal.code, refusal.message, refusal.headers);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method !== 'GET' || pathname !== '/msi/token') return failure(404, 'not_found', `There is no ${request.method ?? ''} ${pathname}.`);
  if (request.headers['x-identity-header'] !== IDENTITY_HEADER) {
    return failure(401, 'unauthorized', `The header X-IDENTITY-HEADER is not "${IDENTITY_HEADER}".`);
  }
  const resource = searchParams.get('resource');
  if (!resource || !searchParams.get('api-version')) return failure(400, 'invalid_request', 'resource and api-version are required.');
  const { token, expiresOnTimestamp } = issueToken({ audience: resource, tenant, lifetimeMs: LIFETIME_MS });
  const body = { access_token: token, expires_on: `${Math.floor(expiresOnTimestamp / 1000)}`, resource, token_type: 'Bearer', client_id: tenant };
  return json('ok', 200, body);
}

function failure(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return json(code, status, { error: code, error_description: message }, headers);
}

function json(outcome: string, status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    outcome,
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}
