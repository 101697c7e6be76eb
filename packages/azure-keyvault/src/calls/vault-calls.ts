import { withDeadline, withRetries } from '@keyfold/core/keyring';
import type { ClientSource } from '../clients/client-source.js';
import { NoClient } from '../failures/client-errors.js';
import type { Failure } from '../failures/failure.js';
import { Answered, readThrown } from '../failures/failure.js';
import { NotVerified } from '../failures/not-verified.js';
import { isTransient } from '../failures/transient.js';
import { errorOf, failed } from '../failures/vault-error.js';
import { versionOf } from '../names/key-id.js';
import type { VaultCall } from './vault-call.js';

/** What came back, and the version that the service says it used. */
export interface VaultAnswer {
  /** The caller's. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly version: string;
}

/** Makes the requests of one keyring: in time, a bounded number of times, and with errors that say what to do. */
export interface VaultCalls {
  /**
   * Wraps or unwraps some bytes. What comes back is of the key, and of the version, that was asked for. A data key in an
   * answer that comes too late is wiped.
   *
   * Throws `keyring-failed`, `aborted`.
   */
  send(call: VaultCall, bytes: Uint8Array, signal: AbortSignal): Promise<VaultAnswer>;
  /** The error of a call that failed for another reason than what the client threw. */
  fail(call: VaultCall, failure: Failure): Error;
}

/** @param keyring - how errors name the keyring */
export function vaultCalls(
  keyring: string,
  { timeoutMs, maxAttempts }: { readonly timeoutMs: number; readonly maxAttempts: number },
  clients: ClientSource,
): VaultCalls {
  return {
    async send(call, bytes, signal) {
      const run = async (stop: AbortSignal): Promise<VaultAnswer> =>
        await withRetries(async () => await attempt(clients, call, bytes, stop), maxAttempts, mayPass, stop);
      try {
        return await withDeadline(run, timeoutMs, signal, wipe);
      } catch (error) {
        throw errorOf(keyring, call, timeoutMs, error);
      }
    },
    fail: (call, failure) => failed(keyring, call, failure),
  };
}

async function attempt(clients: ClientSource, call: VaultCall, bytes: Uint8Array, stop: AbortSignal): Promise<VaultAnswer> {
  const { action, key, version, algorithm } = call;
  const client = await clients.get(key.id, version).catch((error: unknown) => {
    throw new NoClient(error);
  });
  stop.throwIfAborted();
  let answered: { readonly status?: number; readonly parsedBody?: unknown } = {};
  const options = {
    abortSignal: stop,
    onResponse: (response: typeof answered) => {
      answered = response;
    },
  };
  let result: unknown;
  try {
    ({ result } = await client[action](algorithm, bytes, options));
  } catch (error) {
    throw new Answered(error, answered.status);
  }
  return read(call, result, answered.parsedBody, stop);
}

/** Copies the result, and wipes it. Copies that the SDK made of it, and its text of the answer, are out of reach. */
function read({ key, version }: VaultCall, result: unknown, body: unknown, stop: AbortSignal): VaultAnswer {
  if (!(result instanceof Uint8Array)) throw new NotVerified('without a result');
  try {
    stop.throwIfAborted();
    const used = versionOf(key.id, (body as { readonly kid?: unknown } | null | undefined)?.kid);
    if (used === undefined || (version !== undefined && used !== version)) {
      throw new NotVerified('for another key or version than the one that was asked for');
    }
    return { bytes: new Uint8Array(result), version: used };
  } finally {
    result.fill(0);
  }
}

function mayPass(error: unknown): boolean {
  return isTransient(readThrown(error));
}

function wipe({ bytes }: VaultAnswer): void {
  bytes.fill(0);
}
