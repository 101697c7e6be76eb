import { DeadlineExceeded, isKeyfoldError, keyringError, printable, saying } from '@keyfold/core/keyring';
import type { KeyfoldError } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import { NoToken } from '../clients/shared-tokens.js';
import { PROVIDER } from '../provider.js';
import { clientFailure, NoClient, timeout } from './client-errors.js';
import { noClient, noToken } from './credential-errors.js';
import { Answered, readThrown } from './failure.js';
import type { Failure, Thrown } from './failure.js';
import { NotVerified } from './not-verified.js';
import { safeCause } from './safe-cause.js';
import { meaningOf } from './service-errors.js';

/** The error of a keyring for one call that failed. */
export function failed(keyring: string, call: VaultCall, failure: Failure, cause?: unknown): KeyfoldError<'keyring-failed'> {
  const { key, operation } = call;
  const { reason, retryable, message, remedy } = failure;
  return keyringError({ provider: PROVIDER, keyring, keyId: key.id.text, operation, reason, retryable, remedy }, message, cause);
}

/** The error of a keyring for what a client threw. `aborted` passes as it is. */
export function errorOf(keyring: string, call: VaultCall, timeoutMs: number, error: unknown): KeyfoldError {
  if (isKeyfoldError(error, 'aborted')) return error;
  if (error instanceof DeadlineExceeded) {
    return failed(keyring, call, timeout(call, `${call.action} had no answer within ${timeoutMs} ms.`));
  }
  if (error instanceof NotVerified) return failed(keyring, call, wrongAnswer(call, error.message));
  if (error instanceof NoClient) return failed(keyring, call, noClient(readThrown(error.cause)), safeCause(error.cause));
  const thrown = error instanceof Answered ? error.cause : error;
  if (thrown instanceof NoToken) return failed(keyring, call, noToken(readThrown(thrown.cause), call), safeCause(thrown.cause));
  const seen = readThrown(error);
  return failed(keyring, call, clientFailure(call, seen) ?? answeredFailure(call, seen), safeCause(error));
}

/** The failure of an answer that is not what was asked for. `what` completes "Azure Key Vault answered wrapKey …". */
export function wrongAnswer({ action, key }: VaultCall, what: string): Failure {
  return {
    reason: 'integrity',
    retryable: false,
    message: `Azure Key Vault answered ${action} ${what}.`,
    remedy: `Check that ${key.id.host} is Azure Key Vault itself, and that nothing between alters its answers.`,
  };
}

function answeredFailure(call: VaultCall, thrown: Thrown): Failure {
  const { status = 0, code = '', inner, message } = thrown;
  const said = `Azure Key Vault answered ${call.action} with ${status} ${printable(inner ?? code, 100)}`.trim();
  const meaning = meaningOf(call, thrown);
  if (meaning === undefined) {
    return { reason: 'unknown', retryable: false, message: `${said}.`, remedy: 'The error’s cause has what Azure Key Vault said.' };
  }
  const { reason, retryable, remedy, quote } = meaning;
  return { reason, retryable, message: meaning.message ?? saying(said, quote === true ? message : ''), remedy };
}
