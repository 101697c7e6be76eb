import { DeadlineExceeded, isKeyfoldError, keyringError, printable, saying } from '@keyfold/core/keyring';
import type { KeyfoldError } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import { PROVIDER } from '../provider.js';
import { clientFailure, timeout } from './client-errors.js';
import { readThrown } from './failure.js';
import type { Failure, Thrown } from './failure.js';
import { safeCause } from './safe-cause.js';
import { meaningOfState, meaningOfStatus, SERVICE_ERRORS } from './service-errors.js';

/** The error of a keyring for one call that failed. */
export function failed(keyring: string, call: KmsCall, failure: Failure, cause?: unknown): KeyfoldError<'keyring-failed'> {
  const { keyId, operation } = call;
  const { reason, retryable, message, remedy } = failure;
  return keyringError({ provider: PROVIDER, keyring, keyId, operation, reason, retryable, remedy }, message, cause);
}

/** The error of a keyring for what a client threw. `aborted` passes as it is. */
export function errorOf(keyring: string, call: KmsCall, timeoutMs: number, error: unknown): KeyfoldError {
  if (isKeyfoldError(error, 'aborted')) return error;
  if (error instanceof DeadlineExceeded) {
    return failed(keyring, call, timeout(call, `${call.action} had no answer within ${timeoutMs} ms.`));
  }
  const thrown = readThrown(error);
  const failure = thrown.isAnswer ? answeredFailure(call, thrown) : clientFailure(call, thrown);
  return failed(keyring, call, failure, safeCause(error));
}

/** The failure of an answer of AWS KMS that is not what was asked for. `what` completes "AWS KMS answered Decrypt …". */
export function wrongAnswer({ action }: KmsCall, what: string): Failure {
  return {
    reason: 'integrity',
    retryable: false,
    message: `AWS KMS answered ${action} ${what}.`,
    remedy: 'Check that the endpoint is AWS KMS itself, and that nothing between alters its answers.',
  };
}

const UNKNOWN: Failure = {
  reason: 'unknown',
  retryable: false,
  message: '',
  remedy: 'The error’s cause has what AWS KMS said; its API Reference explains the error by its name.',
};

function answeredFailure(call: KmsCall, { name, message, status }: Thrown): Failure {
  const said = `AWS KMS answered ${call.action} with ${printable(name, 100)}`;
  const known = name === 'KMSInvalidStateException' ? meaningOfState(message) : SERVICE_ERRORS.get(name);
  const meaning = known ?? meaningOfStatus(status);
  if (meaning === undefined) return { ...UNKNOWN, message: `${said}.` };
  const { reason, retryable, remedy, quote } = meaning;
  return { reason, retryable, message: saying(said, quote === true ? message : ''), remedy: remedy(call) };
}
