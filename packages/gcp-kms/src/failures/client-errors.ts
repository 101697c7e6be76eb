import type { KmsCall } from '../calls/kms-call.js';
import type { Failure, Thrown } from './failure.js';
import { Status } from './status.js';

/** The client could not be made, or found no credentials. */
export class NoClient extends Error {
  override readonly name = 'NoClient';
  constructor(cause: unknown) {
    super('There is no client.', { cause });
  }
}

/** Whether there was an answer that the client could not read: something between does not speak as the service does. */
export function isUnreadable({ status, message }: Thrown): boolean {
  return status === Status.INTERNAL && /parsing error|^Invalid (content type|response)/i.test(message);
}

/** What an error means that came from the network, the SDK or something in between; `undefined` for one of the service. */
export function clientFailure({ key }: KmsCall, thrown: Thrown): Failure | undefined {
  const { status, message } = thrown;
  if (isUnreadable(thrown)) {
    return {
      reason: 'integrity',
      retryable: true,
      message: 'the answer is not one of Google Cloud KMS.',
      remedy: 'Check the endpoint, and what stands between it and this machine, such as a proxy.',
    };
  }
  if (/metadata from plugin failed|could not refresh access token|invalid_grant/i.test(message)) return CREDENTIALS_FAILED;
  if (status === Status.UNAVAILABLE && /certificate|SSL routines|wrong version number/i.test(message)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: 'the connection cannot be trusted.',
      remedy: 'Check the endpoint, and that Node trusts the authority of its certificate (NODE_EXTRA_CA_CERTS).',
    };
  }
  if (status === Status.UNAVAILABLE) {
    return {
      reason: 'unavailable',
      retryable: true,
      message: 'the service is out of reach, or impaired.',
      remedy: `Check that this machine reaches Google Cloud KMS in ${key.location}: its network, proxy and endpoint; status.cloud.google.com shows outages.`,
    };
  }
  if (status === undefined) {
    return {
      reason: 'unknown',
      retryable: false,
      message: 'the client threw something unexpected.',
      remedy: 'The error’s cause has what was thrown.',
    };
  }
  return undefined;
}

/** Why there is no client. */
export function noClient({ code, message }: Thrown): Failure {
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: 'the SDK of Google Cloud KMS is not installed.',
      remedy: 'Install it with "npm install @google-cloud/kms".',
    };
  }
  if (/universe/i.test(message)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: 'the credentials are of another universe domain than the client.',
      remedy: 'Pass the credentials’ universeDomain in clientOptions.',
    };
  }
  return CREDENTIALS_MISSING;
}

/** No answer within the deadline. */
export function timeout({ key }: KmsCall, message: string): Failure {
  const remedy = `Check that this machine reaches Google Cloud KMS in ${key.location}, or raise timeoutMs.`;
  return { reason: 'timeout', retryable: true, message, remedy };
}

const CREDENTIALS_MISSING: Failure = {
  reason: 'access-denied',
  retryable: false,
  message: 'the SDK found no credentials that it can use.',
  remedy:
    'Give this process credentials: a service account where it runs, or "gcloud auth application-default login"; the cause has the SDK’s words.',
};

const CREDENTIALS_FAILED: Failure = {
  ...CREDENTIALS_MISSING,
  message: 'the SDK could not get an access token with its credentials.',
  remedy: 'Renew or correct the credentials of this process, for example with "gcloud auth application-default login"; the cause has the SDK’s words.',
};
