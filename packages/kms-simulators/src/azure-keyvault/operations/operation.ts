import type { KeyStore } from '../keys/key-store.js';
import type { Vault } from '../keys/vault.js';
import type { JsonBody } from '../protocol/json-body.js';

/** What a request asks for. */
export interface OperationRequest {
  readonly vault: Vault;
  /** Name of the key in the path; empty for an operation without one. */
  readonly name: string;
  /** Version in the path; empty for the current one. */
  readonly version: string;
  readonly query: URLSearchParams;
  readonly body: JsonBody;
}

/** What an operation works with besides its request. */
export interface OperationContext {
  readonly store: KeyStore;
  /** Simulated time, milliseconds since 1970. */
  readonly now: number;
}

/** A JSON value, or `undefined` for an answer without a body, status 204. */
export type Output = Readonly<Record<string, unknown>> | undefined;

/** One operation of the service: a request in, a JSON value out, or a VaultError. */
export type Operation = (request: OperationRequest, context: OperationContext) => Output | Promise<Output>;
