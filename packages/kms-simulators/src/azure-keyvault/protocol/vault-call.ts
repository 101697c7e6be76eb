import type { IncomingMessage } from 'node:http';
import type { KeyNames, RequestFacts } from '../../shared/requests/request-facts.js';
import { checkToken } from '../identity/tokens.js';
import { keyId, versionId } from '../keys/key-id.js';
import type { KeyStore } from '../keys/key-store.js';
import { currentVersion } from '../keys/key.js';
import { AUDIENCES, type Vault } from '../keys/vault.js';
import type { OperationRequest } from '../operations/operation.js';
import { JsonBody } from './json-body.js';
import { route, type Route } from './route.js';
import { badParameter, VaultError } from './vault-error.js';

/** A request, taken apart, or why it is refused at the door. */
export type VaultCall = { readonly facts: RequestFacts } & (
  | { readonly request: OperationRequest }
  | { readonly refusal: VaultError }
);

/** What a request without a token is counted as: SDKs send one, to be told which token is wanted. */
export const CHALLENGE = 'Challenge';

/** Takes a request apart; one that is refused still has facts, to be counted. */
export function readCall(
  { method = 'GET', url = '/', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: Uint8Array | undefined,
  { vault, store, tenant }: { readonly vault: Vault; readonly store: KeyStore; readonly tenant: string },
): VaultCall {
  const [path = '/', query] = url.split('?', 2);
  const asked = route(method, path);
  const place = { provider: 'azure-keyvault', region: vault.region, vault: vault.name, account: tenant } as const;
  if (headers.authorization === undefined) {
    return refusedBy(() => { checkToken(undefined, AUDIENCES[vault.kind], tenant); }, { ...place, operation: CHALLENGE, keys: [] });
  }
  const facts: RequestFacts = { ...place, operation: asked.operation, ...keyOf(asked, vault, store) };
  const parameters = new URLSearchParams(query);
  try {
    checkToken(headers.authorization, AUDIENCES[vault.kind], tenant);
    checkVersion(parameters.get('api-version'));
    if (body === undefined) throw new VaultError(413, 'RequestEntityTooLarge', 'The request is too large.');
    return { facts, request: { vault, name: asked.name, version: asked.version, query: parameters, body: JsonBody.parse(body) } };
  } catch (error) {
    if (error instanceof VaultError) return { facts, refusal: error };
    throw error;
  }
}

function refusedBy(check: () => void, facts: RequestFacts): VaultCall {
  try {
    check();
  } catch (error) {
    if (error instanceof VaultError) return { facts, refusal: error };
    throw error;
  }
  throw new TypeError('A request without a token is always refused.');
}

/** `7.5`, `2025-07-01`, either as a preview. */
function checkVersion(version: string | null): void {
  if (version === null || version === '') throw badParameter('The api-version query parameter is required.');
  if (/^(?:\d\.\d|\d{4}-\d\d-\d\d)(?:-preview(?:\.\d)?)?$/.test(version)) return;
  throw badParameter(`The specified version (${version}) is not recognized.`);
}

function keyOf({ name, version }: Route, vault: Vault, store: KeyStore): Pick<RequestFacts, 'keys' | 'keyId'> {
  if (name === '') return { keys: [] };
  const sent = keyId(vault, { name }) + (version === '' ? '' : `/${version}`);
  return { keyId: sent, keys: [namesOf({ name, version }, sent, vault, store)] };
}

/** The version that is used; every name of its key means it too. */
function namesOf({ name, version }: Pick<Route, 'name' | 'version'>, sent: string, vault: Vault, store: KeyStore): KeyNames {
  const key = store.findKey(vault, name);
  const used = version === '' ? key && currentVersion(key) : key?.versions.find((one) => one.version === version);
  if (key === undefined || used === undefined) return { name: sent, otherNames: [name] };
  return { name: versionId(vault, key, used), otherNames: [...new Set([keyId(vault, key), key.name, sent])] };
}
