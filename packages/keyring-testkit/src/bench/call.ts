import type { Keyring } from '@keyfold/core';
import type {
  CheckRequest,
  GenerateRequest,
  GenerateResult,
  KeyCheck,
  UnwrapRequest,
  UnwrapResult,
  WrapRequest,
  WrapResult,
} from '@keyfold/core/keyring';
import { fail } from '../support/assert.js';
import { outcomeOf, within } from '../support/settle.js';
import type { Outcome } from '../support/settle.js';
import type { Bench } from './bench.js';

/** What each operation of a keyring takes and gives. */
export interface Calls {
  wrap: { request: WrapRequest; result: WrapResult };
  unwrap: { request: UnwrapRequest; result: UnwrapResult | null };
  generate: { request: GenerateRequest; result: GenerateResult };
  check: { request: CheckRequest; result: readonly KeyCheck[] };
}

/** Calls an operation and says how it ended. Fails when it does not end. */
export async function call<Name extends keyof Calls>(
  bench: Bench,
  keyring: Keyring,
  operation: Name,
  request: Calls[Name]['request'],
): Promise<Outcome<Calls[Name]['result']>> {
  // Not async: what the keyring throws at once must be told from what it rejects with.
  // eslint-disable-next-line @typescript-eslint/promise-function-async
  const outcome = outcomeOf(() => start(keyring, operation, request), operation);
  return await within(outcome, bench.plan.patience, `${operation} must end, with a result or an error`);
}

/** Calls an operation as a caller does who does not wait yet. */
// Not async, as above.
// eslint-disable-next-line @typescript-eslint/promise-function-async
export function start<Name extends keyof Calls>(
  keyring: Keyring,
  operation: Name,
  request: Calls[Name]['request'],
): Promise<Calls[Name]['result']> {
  const methods = keyring as unknown as Record<
    Name,
    ((request: Calls[Name]['request']) => Promise<Calls[Name]['result']>) | undefined
  >;
  if (methods[operation] === undefined) fail(`The manifest declares ${operation}, and the keyring does not have it.`);
  return methods[operation](request);
}

/** A signal that never fires, new for each call. */
export function quiet(): AbortSignal {
  return new AbortController().signal;
}
