import type { FailureReason } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';

/** What an error of AWS KMS means, whichever key it is about. */
export interface Meaning {
  readonly reason: FailureReason;
  readonly retryable: boolean;
  readonly remedy: (call: KmsCall) => string;
  /** Whether the service's own words are worth repeating, and never hold a value of the caller's. */
  readonly quote?: boolean;
}

const NOT_PERMITTED: Meaning = {
  reason: 'access-denied',
  retryable: false,
  remedy: (call) =>
    `Allow kms:${call.action} on ${keyOf(call)} to these credentials, in their IAM policy or the key policy (in both if ` +
    'the key is another account’s), with conditions that the encryption context meets.',
  quote: true,
};

const CREDENTIALS_REFUSED: Meaning = {
  reason: 'access-denied',
  retryable: false,
  remedy: () => 'Renew or correct the AWS credentials of this process: "aws sts get-caller-identity" shows whether they work.',
};

const CLOCK_WRONG: Meaning = {
  reason: 'access-denied',
  retryable: false,
  remedy: () => 'Set the clock of this machine: AWS refuses requests that are signed minutes off.',
};

const NOT_FOUND: Meaning = {
  reason: 'not-found',
  retryable: false,
  remedy: (call) =>
    `Check that ${call.keyId} exists, and that the client calls its Region: "aws kms describe-key --key-id ${call.keyId}${regionFlag(call)}".`,
  quote: true,
};

const DISABLED: Meaning = {
  reason: 'disabled',
  retryable: false,
  remedy: (call) => `Enable the key: "aws kms enable-key --key-id ${call.keyId}${regionFlag(call)}".`,
};

const THROTTLED: Meaning = {
  reason: 'throttled',
  retryable: true,
  remedy: (call) =>
    `Call less often, for example through a caching keyring, or ask AWS for a higher request quota of KMS${inRegion(call)}.`,
};

const FAILED: Meaning = {
  reason: 'unavailable',
  retryable: true,
  remedy: (call) => `Try again later; the AWS Health Dashboard shows whether KMS${inRegion(call)} is impaired.`,
};

/** AWS KMS does not say whether the ciphertext or the encryption context is not the one that it made. */
const NOT_ITS_CIPHERTEXT: Meaning = {
  reason: 'corrupt',
  retryable: false,
  remedy: () =>
    'Check that the envelope is unaltered, and that every external context value is the one that it was written with.',
};

const WRONG_KIND_OF_KEY: Meaning = {
  reason: 'misconfigured',
  retryable: false,
  remedy: (call) =>
    call.operation === 'unwrap'
      ? `Check that ${call.keyId} is a key for encryption, and that the envelope is unaltered.`
      : "Use a symmetric key with usage ENCRYPT_DECRYPT; for an RSA key, pass algorithm: 'RSAES_OAEP_SHA_256'.",
};

const NOT_VALID: Meaning = {
  reason: 'misconfigured',
  retryable: false,
  remedy: () =>
    'Check the key’s name and Region, and that the encryption context is within the limits of AWS KMS.',
};

/** By the `name` of the SDK's error: several arrive without a class of their own. */
export const SERVICE_ERRORS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['AccessDeniedException', NOT_PERMITTED],
  ['AccessDenied', NOT_PERMITTED],
  ['NotAuthorized', NOT_PERMITTED],
  ['InvalidGrantTokenException', NOT_PERMITTED],
  ['ExpiredTokenException', CREDENTIALS_REFUSED],
  ['ExpiredToken', CREDENTIALS_REFUSED],
  ['UnrecognizedClientException', CREDENTIALS_REFUSED],
  ['InvalidClientTokenId', CREDENTIALS_REFUSED],
  ['IncompleteSignatureException', CREDENTIALS_REFUSED],
  ['IncompleteSignature', CREDENTIALS_REFUSED],
  ['MissingAuthenticationTokenException', CREDENTIALS_REFUSED],
  ['MissingAuthenticationToken', CREDENTIALS_REFUSED],
  ['SignatureDoesNotMatch', CREDENTIALS_REFUSED],
  ['InvalidSignatureException', CREDENTIALS_REFUSED],
  ['OptInRequired', CREDENTIALS_REFUSED],
  ['RequestExpired', CLOCK_WRONG],
  ['RequestInTheFuture', CLOCK_WRONG],
  ['RequestTimeTooSkewed', CLOCK_WRONG],
  ['NotFoundException', NOT_FOUND],
  ['DisabledException', DISABLED],
  ['ThrottlingException', THROTTLED],
  ['Throttling', THROTTLED],
  ['ThrottledException', THROTTLED],
  ['RequestLimitExceeded', THROTTLED],
  ['TooManyRequestsException', THROTTLED],
  ['LimitExceededException', THROTTLED],
  ['KMSInternalException', FAILED],
  ['DependencyTimeoutException', FAILED],
  ['KeyUnavailableException', FAILED],
  ['InternalFailure', FAILED],
  ['InternalServerError', FAILED],
  ['ServiceUnavailable', FAILED],
  ['ServiceUnavailableException', FAILED],
  ['InvalidCiphertextException', NOT_ITS_CIPHERTEXT],
  ['IncorrectKeyException', NOT_ITS_CIPHERTEXT],
  ['InvalidKeyUsageException', WRONG_KIND_OF_KEY],
  ['UnsupportedOperationException', WRONG_KIND_OF_KEY],
  ['ValidationException', NOT_VALID],
  ['InvalidArnException', NOT_VALID],
  ['SerializationException', NOT_VALID],
]);

/** By HTTP status, for errors whose name is not known. */
export function meaningOfStatus(status: number | undefined): Meaning | undefined {
  if (status === 429) return THROTTLED;
  return status !== undefined && status >= 500 ? FAILED : undefined;
}

/** By a key's state, or by the message of `KMSInvalidStateException`, which is where that error says it. */
export function meaningOfState(text: string): Meaning {
  if (/disabled/i.test(text)) return DISABLED;
  if (/deletion/i.test(text)) {
    return {
      reason: 'pending-deletion',
      retryable: false,
      remedy: (call) =>
        `Keep the key: "aws kms cancel-key-deletion --key-id ${call.keyId}${regionFlag(call)}", then enable it.`,
      quote: true,
    };
  }
  if (/import/i.test(text)) {
    const remedy = ({ keyId }: KmsCall): string => `Import the key material of ${keyId} again: it has expired or was never there.`;
    return { reason: 'unavailable', retryable: false, remedy, quote: true };
  }
  const remedy = (call: KmsCall): string =>
    `Wait until the key is ready, and check its custom key store if it has one: "aws kms describe-key --key-id ${call.keyId}${regionFlag(call)}" shows its state.`;
  return { reason: 'unavailable', retryable: true, remedy, quote: true };
}

export function inRegion({ region }: KmsCall): string {
  return region === undefined ? '' : ` in ${region}`;
}

function regionFlag({ region }: KmsCall): string {
  return region === undefined ? '' : ` --region ${region}`;
}

/** What an IAM policy has to name: never an alias. */
function keyOf({ keyId }: KmsCall): string {
  return keyId.includes('alias/') ? `the key that ${keyId} leads to` : keyId;
}
