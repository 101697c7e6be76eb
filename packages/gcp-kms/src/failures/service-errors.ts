import type { FailureReason } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import { isUnreadable } from './client-errors.js';
import type { Thrown } from './failure.js';
import { Status } from './status.js';
import { versionState } from './version-state.js';

/** What an error of Google Cloud KMS means. */
export interface Meaning {
  readonly reason: FailureReason;
  readonly retryable: boolean;
  readonly remedy: string;
  /** Says more than the status; default: the status and, if `quote`, the service's own words. */
  readonly message?: string;
  /** Whether the service's words are worth repeating, and never hold a value of the caller's. */
  readonly quote?: boolean;
}

/** The IAM permission behind each request, and the role that has it and little else. */
export const PERMISSIONS = {
  Encrypt: { permission: 'cloudkms.cryptoKeyVersions.useToEncrypt', role: 'roles/cloudkms.cryptoKeyEncrypter' },
  Decrypt: { permission: 'cloudkms.cryptoKeyVersions.useToDecrypt', role: 'roles/cloudkms.cryptoKeyDecrypter' },
  AsymmetricDecrypt: { permission: 'cloudkms.cryptoKeyVersions.useToDecrypt', role: 'roles/cloudkms.cryptoKeyDecrypter' },
  GetPublicKey: { permission: 'cloudkms.cryptoKeyVersions.viewPublicKey', role: 'roles/cloudkms.publicKeyViewer' },
} as const;

/** Whether a request may do better when it is made again at once. */
export function isTransient(thrown: Thrown): boolean {
  return thrown.status === Status.UNAVAILABLE || isUnreadable(thrown) || isChecksumRefused(thrown);
}

/** By the status, and by the service's words where one status means several things. */
export function meaningOf(call: KmsCall, thrown: Thrown): Meaning | undefined {
  const { status, message } = thrown;
  const { action, key } = call;
  switch (status) {
    case Status.PERMISSION_DENIED:
      return /has not been used|is disabled|SERVICE_DISABLED/i.test(message) ? apiDisabled(key.project) : notPermitted(call);
    case Status.UNAUTHENTICATED:
      return {
        reason: 'access-denied',
        retryable: false,
        remedy: 'Renew or correct the credentials of this process, for example with "gcloud auth application-default login".',
      };
    case Status.NOT_FOUND:
      return {
        reason: 'not-found',
        retryable: false,
        remedy: `Check that the key exists and is spelt right: "gcloud kms keys list --project ${key.project} --location ${key.location} --keyring ${key.keyRing}".`,
        quote: true,
      };
    case Status.FAILED_PRECONDITION:
      return versionState(call, message) ?? wrongKindOfKey(call);
    case Status.RESOURCE_EXHAUSTED:
      return {
        reason: 'throttled',
        retryable: true,
        remedy: `Call less often, for example through a caching keyring, or ask Google for a higher quota of Cloud KMS in project ${key.project}.`,
      };
    case Status.INVALID_ARGUMENT:
      return invalid(call, thrown);
    case Status.DEADLINE_EXCEEDED:
      return { reason: 'timeout', retryable: true, remedy: `Try again later, or raise timeoutMs; ${action} took too long.` };
    case Status.INTERNAL:
    case Status.ABORTED:
      return { reason: 'unavailable', retryable: true, remedy: 'Try again later; status.cloud.google.com shows whether Cloud KMS is impaired.' };
    case Status.UNIMPLEMENTED:
      return { reason: 'misconfigured', retryable: false, remedy: 'Check the endpoint: what answers there is not Google Cloud KMS, or not all of it.' };
    case undefined:
    default:
      return undefined;
  }
}

function notPermitted({ action, key }: KmsCall): Meaning {
  const { permission, role } = PERMISSIONS[action];
  return {
    reason: 'access-denied',
    retryable: false,
    remedy: `Grant ${permission} (${role}) on ${key.text} to this program’s principal, and check that the key exists.`,
    quote: true,
  };
}

function apiDisabled(project: string): Meaning {
  return {
    reason: 'misconfigured',
    retryable: false,
    message: 'the Cloud KMS API is not enabled for the project of the credentials or of the key.',
    remedy: `Enable it: "gcloud services enable cloudkms.googleapis.com --project ${project}".`,
  };
}

function wrongKindOfKey({ action, key }: KmsCall): Meaning {
  const isSymmetric = action === 'Encrypt' || action === 'Decrypt';
  return {
    reason: 'misconfigured',
    retryable: false,
    remedy: isSymmetric
      ? `Use a key of purpose ENCRYPT_DECRYPT with a primary version; for an RSA key of purpose ASYMMETRIC_DECRYPT, pass its name with the version to wrap with: ${key.text}/cryptoKeyVersions/1.`
      : `Use a key of purpose ASYMMETRIC_DECRYPT; for a symmetric key, pass its name without a version: ${key.text}.`,
    quote: true,
  };
}

/** The service does not say whether the ciphertext or the additional data is not what it made. */
function invalid(call: KmsCall, thrown: Thrown): Meaning {
  if (isChecksumRefused(thrown)) {
    return {
      reason: 'integrity',
      retryable: true,
      message: 'what arrived at Google Cloud KMS is not what was sent.',
      remedy: 'Check the memory of this machine, and what stands between it and the endpoint, such as a proxy.',
    };
  }
  if (call.action === 'Decrypt' || call.action === 'AsymmetricDecrypt') {
    return {
      reason: 'corrupt',
      retryable: false,
      remedy: 'Check that the envelope is unaltered, and that every external context value is the one that it was written with.',
    };
  }
  return { ...wrongKindOfKey(call), quote: false };
}

function isChecksumRefused({ status, message }: Thrown): boolean {
  return status === Status.INVALID_ARGUMENT && /crc32c|checksum/i.test(message);
}
