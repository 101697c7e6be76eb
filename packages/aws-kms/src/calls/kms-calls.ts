import { withDeadline } from '@keyfold/core/keyring';
import type { AwsKmsClient, AwsKmsSendOptions } from '../clients/kms-client.js';
import type { RegionalClients } from '../clients/regional-clients.js';
import type { Failure } from '../failures/failure.js';
import { errorOf, failed } from '../failures/kms-error.js';
import type { KmsCall } from './kms-call.js';

/** Makes the requests of one keyring: each in its Region, in time, and with errors that say what to do. */
export interface KmsCalls {
  /**
   * Sends one command, with the SDK's own retries. A data key in an answer that comes too late is wiped.
   *
   * Throws `keyring-failed`, `aborted`.
   */
  send<Answer extends object>(
    call: KmsCall,
    signal: AbortSignal,
    request: (client: AwsKmsClient, options: AwsKmsSendOptions) => Promise<Answer>,
  ): Promise<Answer>;
  /** The error of a call that failed for another reason than what the client threw. */
  fail(call: KmsCall, failure: Failure): Error;
}

/** @param keyring - how errors name the keyring */
export function kmsCalls(keyring: string, timeoutMs: number, clients: RegionalClients): KmsCalls {
  return {
    async send(call, signal, request) {
      try {
        const run = async (abortSignal: AbortSignal): ReturnType<typeof request> =>
          await request(clients.of(call.region), { abortSignal });
        return await withDeadline(run, timeoutMs, signal, wipe);
      } catch (error) {
        throw errorOf(keyring, call, timeoutMs, error);
      }
    },
    fail: (call, failure) => failed(keyring, call, failure),
  };
}

/** Overwrites the plaintext of an answer. Copies that the SDK made while it read the answer are out of reach. */
export function wipe(answer: { readonly Plaintext?: Uint8Array | undefined }): void {
  answer.Plaintext?.fill(0);
}
