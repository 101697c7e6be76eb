import { DeadlineExceeded, isKeyfoldError, keyringError, saying } from '@keyfold/core/keyring';
import type { KeyfoldError } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import { NotVerified } from '../checksums/not-verified.js';
import { PROVIDER } from '../provider.js';
import { clientFailure, NoClient, noClient, timeout } from './client-errors.js';
import { readThrown } from './failure.js';
import type { Failure, Thrown } from './failure.js';
import { safeCause } from './safe-cause.js';
import { meaningOf } from './service-errors.js';
import { statusName } from './status.js';

/** The error of a keyring for one call that failed. */
export function failed(keyring: string, call: KmsCall, failure: Failure, cause?: unknown): KeyfoldError<'keyring-failed'> {
  const { key, operation } = call;
  const { reason, retryable, message, remedy } = failure;
  return keyringError({ provider: PROVIDER, keyring, keyId: key.text, operation, reason, retryable, remedy }, message, cause);
}

/** The error of a keyring for what a client threw. `aborted` passes as it is. */
export function errorOf(keyring: string, call: KmsCall, timeoutMs: number, error: unknown): KeyfoldError {
  if (isKeyfoldError(error, 'aborted')) return error;
  if (error instanceof DeadlineExceeded) {
    return failed(keyring, call, timeout(call, `${call.action} had no answer within ${timeoutMs} ms.`));
  }
  if (error instanceof NotVerified) return failed(keyring, call, wrongAnswer(call, error.message));
  if (error instanceof NoClient) return failed(keyring, call, noClient(readThrown(error.cause)), safeCause(error.cause));
  const thrown = readThrown(error);
  return failed(keyring, call, clientFailure(call, thrown) ?? answeredFailure(call, thrown), safeCause(error));
}

/** The failure of an answer that is not what was asked for. `what` completes "Google Cloud KMS answered Decrypt …". */
export function wrongAnswer({ action }: KmsCall, what: string): Failure {
  return {
    reason: 'integrity',
    retryable: false,
    message: `Google Cloud KMS answered ${action} ${what}.`,
    remedy: 'Check that the endpoint is Google Cloud KMS itself, and that nothing between alters its answers.',
  };
}

function answeredFailure(call: KmsCall, thrown: Thrown): Failure {
  const { status = 0, message } = thrown;
  const said = `Google Cloud KMS answered ${call.action} with ${statusName(status)}`;
  const meaning = meaningOf(call, thrown);
  if (meaning === undefined) {
    const remedy = 'The error’s cause has what Google Cloud KMS said.';
    return { reason: 'unknown', retryable: false, message: `${said}.`, remedy };
  }
  const { reason, retryable, remedy, quote } = meaning;
  return { reason, retryable, message: meaning.message ?? saying(said, quote === true ? message : ''), remedy };
}
