import { withDeadline, withRetries } from '@keyfold/core/keyring';
import type { ClientSource } from '../clients/client-source.js';
import type { Answered, GcpKmsCallOptions, GcpKmsClient } from '../clients/kms-client.js';
import { NotVerified } from '../checksums/not-verified.js';
import type { Failure } from '../failures/failure.js';
import { readThrown } from '../failures/failure.js';
import { NoClient } from '../failures/client-errors.js';
import { errorOf, failed } from '../failures/kms-error.js';
import { isTransient } from '../failures/service-errors.js';
import { callOptions } from './cancellation.js';
import type { KmsCall } from './kms-call.js';

/** Makes the requests of one keyring: in time, a bounded number of times, verified, and with errors that say what to do. */
export interface KmsCalls {
  /**
   * Makes one request. `read` takes out of the answer what is wanted, and throws `NotVerified` if the answer is not what
   * it should be: then the request is made again. A data key in an answer that comes too late is wiped.
   *
   * Throws `keyring-failed`, `aborted`.
   */
  send<Answer extends object, Result>(
    call: KmsCall,
    signal: AbortSignal,
    request: (client: GcpKmsClient, options: GcpKmsCallOptions) => Answered<Answer>,
    read: (answer: Answer) => Result,
  ): Promise<Result>;
  /** The error of a call that failed for another reason than what the client threw. */
  fail(call: KmsCall, failure: Failure): Error;
}

/** @param keyring - how errors name the keyring */
export function kmsCalls(
  keyring: string,
  { timeoutMs, maxAttempts }: { readonly timeoutMs: number; readonly maxAttempts: number },
  clients: ClientSource,
): KmsCalls {
  return {
    async send(call, signal, request, read) {
      const attempt = async (stop: AbortSignal): Promise<ReturnType<typeof read>> => {
        const client = await clients.get().catch((error: unknown) => {
          throw new NoClient(error);
        });
        stop.throwIfAborted();
        const [answer] = await request(client, callOptions(stop));
        try {
          stop.throwIfAborted();
          return read(answer);
        } finally {
          wipe(answer);
        }
      };
      try {
        const run = async (stop: AbortSignal): Promise<ReturnType<typeof read>> =>
          await withRetries(async () => await attempt(stop), maxAttempts, mayPass, stop);
        return await withDeadline(run, timeoutMs, signal, wipeResult);
      } catch (error) {
        throw errorOf(keyring, call, timeoutMs, error);
      }
    },
    fail: (call, failure) => failed(keyring, call, failure),
  };
}

function mayPass(error: unknown): boolean {
  return error instanceof NotVerified || isTransient(readThrown(error));
}

/** Overwrites the plaintext of an answer. Copies that the SDK made while it read the answer are out of reach. */
function wipe(answer: object): void {
  const { plaintext } = answer as { readonly plaintext?: unknown };
  if (plaintext instanceof Uint8Array) plaintext.fill(0);
}

/** What was read of an answer that came too late is a data key, or no secret. */
function wipeResult(result: unknown): void {
  if (result instanceof Uint8Array) result.fill(0);
}
