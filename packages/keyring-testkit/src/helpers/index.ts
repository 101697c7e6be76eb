/**
 * For tests of a keyring beside the conformance suite: to call it as the engine does, and to read what it throws.
 *
 * @packageDocumentation
 */
export { DATA_KEY, generateOne, unwrapFrom, wrapOne } from './calls.js';
export { failure, refusal } from './failures.js';
