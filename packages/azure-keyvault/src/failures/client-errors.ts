import { isBrokenConnection, isUntrustedConnection } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { Failure, Thrown } from './failure.js';

/** The client could not be made. */
export class NoClient extends Error {
  override readonly name = 'NoClient';
  constructor(cause: unknown) {
    super('There is no client.', { cause });
  }
}

/** Whether the network failed, before there was an answer or in the middle of it. */
export function isUnreachable({ code, status }: Thrown): boolean {
  return isBrokenConnection(code) || code === UNSENT || (code === UNREAD && status === undefined);
}

/**
 * Whether there was a good answer that the client could not read: something between does not speak as the service does. The
 * SDK takes an answer apart without looking whether it is one.
 */
export function isUnreadable({ status, isOfService }: Thrown): boolean {
  return !isOfService && status !== undefined && status >= 200 && status < 300;
}

/** Whether the SDK's words quote an answer that it could not read. */
export function quotesAnswer({ code }: Thrown): boolean {
  return code === UNREAD;
}

/** What an error means that came from the network, the SDK or something in between; `undefined` for one of the service. */
export function clientFailure({ key }: VaultCall, thrown: Thrown): Failure | undefined {
  const { code, status, message, isOfService } = thrown;
  if (isOfService) return undefined;
  if (isUntrustedConnection(code)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: `the connection cannot be trusted (${code}).`,
      remedy: 'Check what stands between this machine and the vault, and that Node trusts the authority of its certificate (NODE_EXTRA_CA_CERTS).',
    };
  }
  if (isUnreachable(thrown)) {
    return {
      reason: 'unavailable',
      retryable: true,
      message: code === UNREAD ? 'the connection broke in the middle of the answer.' : `the connection failed (${code ?? ''}).`,
      remedy: `Check that this machine reaches ${key.id.host}: its name, the network, proxy and private endpoint; a vault that was deleted has no address until "az keyvault recover" brings it back.`,
    };
  }
  if (isUnreadable(thrown)) return { reason: 'integrity', retryable: true, message: 'the answer is not one of Azure Key Vault.', remedy: BETWEEN };
  if (/challenge/i.test(message) && status === undefined) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: 'what answered asks for a token that is not one for this host.',
      remedy: `Check that ${key.id.host} is the vault that you mean; for a simulator, pass its clientOptions.`,
    };
  }
  if (status !== undefined) return foreignStatus(status);
  return {
    reason: 'unknown',
    retryable: false,
    message: 'the client threw something unexpected.',
    remedy: 'The error’s cause has what was thrown.',
  };
}

/** Something answered, and not in the service's words: a proxy, a gateway, a captive portal. */
function foreignStatus(status: number): Failure {
  if (status >= 300 && status < 400) {
    return { reason: 'misconfigured', retryable: false, message: `the answer is a redirect (HTTP status ${status}), which is not followed.`, remedy: BETWEEN };
  }
  const message = `an answer with HTTP status ${status} is not one of Azure Key Vault.`;
  if (status === 429) return { reason: 'throttled', retryable: true, message, remedy: BETWEEN };
  if (status >= 500 || status === 408) return { reason: 'unavailable', retryable: true, message, remedy: BETWEEN };
  return { reason: 'misconfigured', retryable: false, message, remedy: BETWEEN };
}

/** No answer within the deadline. */
export function timeout({ key }: VaultCall, message: string): Failure {
  const remedy = `Check that this machine reaches ${key.id.host} and gets tokens, or raise timeoutMs.`;
  return { reason: 'timeout', retryable: true, message, remedy };
}

const BETWEEN = 'Check the host in the key’s identifier, and what stands between it and this machine, such as a proxy.';

/** Of the SDK: the answer broke off, or with an HTTP status, it is no JSON. */
const UNREAD = 'PARSE_ERROR';

/** Of the SDK: the request could not be sent. */
const UNSENT = 'REQUEST_SEND_ERROR';
