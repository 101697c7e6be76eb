import { GET_TOKEN } from './identity/identity-server.js';
import { OPERATIONS } from './operations/index.js';
import { CHALLENGE } from './protocol/vault-call.js';

/** What faults and counts may name: the operations of the service, and what SDKs do to get a token for them. */
export const KNOWN_OPERATIONS: ReadonlySet<string> = new Set([...OPERATIONS.keys(), CHALLENGE, GET_TOKEN]);
