import type { FailureReason } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { Thrown } from './failure.js';
import { keyState } from './key-state.js';
import { grant } from './permissions.js';

/** What an error of Azure Key Vault means. */
export interface Meaning {
  readonly reason: FailureReason;
  readonly retryable: boolean;
  readonly remedy: string;
  /** Says more than the status; default: the status and, if `quote`, the service's own words. */
  readonly message?: string;
  /** Whether the service's words are worth repeating, and never hold a value of the caller's. */
  readonly quote?: boolean;
}

/** By the HTTP status, and by the service's codes where one status means several things. */
export function meaningOf(call: VaultCall, thrown: Thrown): Meaning | undefined {
  const { status = 0 } = thrown;
  if (status === 400) return invalid(call);
  if (status === 401) {
    return {
      reason: 'access-denied',
      retryable: false,
      remedy: 'Use a credential of the vault’s own Microsoft Entra tenant and cloud (AZURE_TENANT_ID, AZURE_AUTHORITY_HOST).',
      quote: true,
    };
  }
  if (status === 403 || status === 409) return keyState(call, thrown) ?? forbidden(call, thrown);
  if (status === 404) return notFound(call);
  if (status === 429) {
    return {
      reason: 'throttled',
      retryable: true,
      remedy: `Call less often, for example through a caching keyring, or spread keys over several vaults: ${call.key.id.host} has a quota for each ten seconds.`,
      quote: true,
    };
  }
  if (status === 408 || (status >= 500 && status !== 501)) {
    return { reason: 'unavailable', retryable: true, remedy: 'Try again later; azure.status.microsoft shows whether Key Vault is impaired.' };
  }
  if (status === 501 || status === 405 || status === 413) {
    return { reason: 'misconfigured', retryable: false, remedy: 'Check the host in the key’s identifier: what answers there is not Azure Key Vault, or not all of it.' };
  }
  return undefined;
}

function forbidden(call: VaultCall, { inner, message }: Thrown): Meaning {
  const isNetwork = inner === 'ForbiddenByFirewall' || inner === 'ForbiddenByConnection' || /not authorized and caller is not a trusted service|public network access/i.test(message);
  if (isNetwork) {
    return {
      reason: 'access-denied',
      retryable: false,
      message: 'the vault’s firewall does not let this machine in.',
      remedy: `Allow this machine’s network in the networking settings of ${call.key.id.host}, or reach it through its private endpoint.`,
    };
  }
  return { reason: 'access-denied', retryable: false, remedy: grant(call), quote: true };
}

function notFound({ key, version }: VaultCall): Meaning {
  const { text, host, name } = key.id;
  return {
    reason: 'not-found',
    retryable: false,
    message: version === undefined ? 'there is no such key.' : `there is no version ${version} of the key.`,
    remedy: `Check the identifier with "az keyvault key show --id ${text}"; a key that was deleted comes back with "az keyvault key recover --id https://${host}/deletedkeys/${name}" until it is purged.`,
  };
}

/** The service does not say whether the ciphertext or the key is not the right one. */
function invalid({ action, algorithm }: VaultCall): Meaning {
  if (action === 'unwrapKey') return { reason: 'corrupt', retryable: false, remedy: 'Check that the envelope is unaltered.' };
  return {
    reason: 'misconfigured',
    retryable: false,
    remedy:
      algorithm === 'A256KW'
        ? "Use an AES key of 256 bits in a Managed HSM; for an RSA key there, pass algorithm: 'RSA-OAEP-256'."
        : "Use an RSA key; for an AES key of 256 bits in a Managed HSM, pass algorithm: 'A256KW'.",
    quote: true,
  };
}
