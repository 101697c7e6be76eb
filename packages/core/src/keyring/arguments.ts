import { invalidArgument } from '../errors/throw.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';

const DEFAULT_TIMEOUT = 10_000;
/** What a timer holds. */
const MAX_TIMEOUT = 2_147_483_647;
const DEFAULT_ATTEMPTS = 3;
const MAX_ATTEMPTS = 10;

/** Refuses a missing or wrong options object; `usage` is the call as it should be. Throws `invalid-argument`. */
export function assertOptions(options: unknown, usage: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw invalidArgument('options', `pass an object, as in ${usage}.`);
}

/** Refuses to wrap what no unwrap would take. Throws `invalid-argument`. */
export function assertKeyMaterial(keyMaterial: Uint8Array): void {
  if (keyMaterial.length === DATA_KEY_LENGTH) return;
  throw invalidArgument('request.keyMaterial', `a data key is ${DATA_KEY_LENGTH} bytes; pass that many.`);
}

/** `options.timeoutMs` of a keyring that calls a service, for `withDeadline`: 10,000 ms by default. Throws `invalid-argument`. */
export function readTimeout(timeoutMs: number = DEFAULT_TIMEOUT): number {
  return readInteger(timeoutMs, 'options.timeoutMs', MAX_TIMEOUT, ', in milliseconds');
}

/** `options.maxAttempts` of one, for `withRetries`: 3 by default. Throws `invalid-argument`. */
export function readMaxAttempts(maxAttempts: number = DEFAULT_ATTEMPTS): number {
  return readInteger(maxAttempts, 'options.maxAttempts', MAX_ATTEMPTS, '');
}

function readInteger(value: number, argument: string, maximum: number, unit: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw invalidArgument(argument, `pass an integer from 1 to ${maximum}${unit}.`);
}
