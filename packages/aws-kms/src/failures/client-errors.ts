import { isBrokenConnection, isUntrustedConnection } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { Failure, Thrown } from './failure.js';
import { inRegion } from './service-errors.js';

/** What an error means that came from the network, the SDK or something in between, not from AWS KMS. */
export function clientFailure(call: KmsCall, thrown: Thrown): Failure {
  const { name, message, code, status, isUnreadable } = thrown;
  if (isUntrustedConnection(code)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: `the connection cannot be trusted (${code}).`,
      remedy: 'Check the endpoint, and that Node trusts the authority of its certificate (NODE_EXTRA_CA_CERTS).',
    };
  }
  if (isBrokenConnection(code)) {
    return {
      reason: 'unavailable',
      retryable: true,
      message: `the connection failed (${code}).`,
      remedy: `Check that this machine reaches AWS KMS${inRegion(call)}: its network, proxy and VPC endpoint.`,
    };
  }
  // After the network: a connection may break in the middle of an answer.
  if (isUnreadable) return unreadable(status);
  if (TIMEOUTS.has(name)) return timeout(call, 'the client gave up waiting for an answer.');
  if (CREDENTIALS_MISSING.has(name)) {
    return {
      reason: 'access-denied',
      retryable: false,
      message: 'the AWS SDK found no credentials that it can use.',
      remedy: 'Give this process AWS credentials: "aws sts get-caller-identity" shows whether there are any; the cause has the SDK’s words.',
    };
  }
  if (/Region is missing/i.test(message)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: 'the AWS SDK was not told which Region to call.',
      remedy: 'Name the key by its ARN, pass region to awsKmsKeyring, or set AWS_REGION.',
    };
  }
  return {
    reason: 'unknown',
    retryable: false,
    message: 'the client threw something unexpected.',
    remedy: 'The error’s cause has what was thrown.',
  };
}

/** No answer within the deadline. */
export function timeout(call: KmsCall, message: string): Failure {
  const remedy = `Check that this machine reaches AWS KMS${inRegion(call)}, or raise timeoutMs.`;
  return { reason: 'timeout', retryable: true, message, remedy };
}

/** Something answered that does not speak as AWS KMS does: a proxy, a captive portal, a damaged stream. */
function unreadable(status: number | undefined): Failure {
  const remedy = 'Check the endpoint, and what stands between it and this machine, such as a proxy.';
  if (status === undefined || status < 300) {
    return { reason: 'integrity', retryable: true, message: 'the answer is not one of AWS KMS.', remedy };
  }
  const message = `an answer with HTTP status ${status} is not one of AWS KMS.`;
  if (status === 429) return { reason: 'throttled', retryable: true, message, remedy };
  if (status >= 500) return { reason: 'unavailable', retryable: true, message, remedy };
  return { reason: 'misconfigured', retryable: false, message, remedy };
}

const TIMEOUTS: ReadonlySet<string> = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException']);

const CREDENTIALS_MISSING: ReadonlySet<string> = new Set([
  'CredentialsProviderError',
  'ProviderError',
  'TokenProviderError',
]);
