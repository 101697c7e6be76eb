import type { VaultCall } from '../calls/vault-call.js';
import type { Failure, Thrown } from './failure.js';

/** Why there is no client. */
export function noClient({ code, message }: Thrown): Failure {
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    const identity = message.includes('@azure/identity');
    return {
      reason: 'misconfigured',
      retryable: false,
      message: identity ? '@azure/identity is not installed, and no credential was passed.' : '@azure/keyvault-keys is not installed.',
      remedy: identity ? 'Install it with "npm install @azure/identity", or pass a credential.' : 'Install it with "npm install @azure/keyvault-keys".',
    };
  }
  return {
    reason: 'misconfigured',
    retryable: false,
    message: 'no client could be made.',
    remedy: 'Check client, clientOptions and the environment variables of @azure/identity; the cause has what was thrown.',
  };
}

/** Why there is no token. */
export function noToken({ name }: Thrown, { key }: VaultCall): Failure {
  if (name === 'DeadlineExceeded') {
    return {
      reason: 'timeout',
      retryable: true,
      message: 'the credential gave no token in time.',
      remedy: 'Check that this machine reaches Microsoft Entra ID or its managed identity, or raise timeoutMs.',
    };
  }
  return {
    reason: 'access-denied',
    retryable: false,
    message: 'the credential has no token to give.',
    remedy: `Give this process a credential that may use ${key.id.host}: a managed identity where it runs, a workload identity, or "az login"; the cause has the SDK’s words.`,
  };
}
