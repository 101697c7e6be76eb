import type { VaultCall } from '../calls/vault-call.js';
import type { Thrown } from './failure.js';
import type { Meaning } from './service-errors.js';

/** What keeps a version from being used, whoever asks; `undefined` for anything else. */
export function keyState({ key, version, action }: VaultCall, { inner, message }: Thrown): Meaning | undefined {
  const { text, host, name } = key.id;
  const which = version === undefined ? 'the newest version' : `version ${version}`;
  const id = version === undefined ? text : `${text}/${version}`;
  if (inner === 'KeyDisabled' || /on a disabled key/i.test(message)) {
    return {
      reason: 'disabled',
      retryable: false,
      message: `${which} is disabled.`,
      remedy: `Enable ${which}, and keep it enabled until everything written under it has been rewrapped: "az keyvault key set-attributes --enabled true --id ${id}".`,
    };
  }
  if (inner === 'KeyExpired' || inner === 'KeyNotYetValid' || /expired|not yet valid|can't be used before/i.test(message)) {
    return {
      reason: 'disabled',
      retryable: false,
      message: `${which} is outside its dates.`,
      remedy: `Make a new version with "az keyvault key rotate --id ${text}", or change the dates with "az keyvault key set-attributes --not-before … --expires … --id ${id}".`,
    };
  }
  if (inner?.startsWith('ObjectIs') === true || /deleted but recoverable/i.test(message)) {
    return {
      reason: 'pending-deletion',
      retryable: false,
      message: 'the key is deleted, and can still be recovered.',
      remedy: `Recover it before it is purged: "az keyvault key recover --id https://${host}/deletedkeys/${name}".`,
    };
  }
  if (inner === 'KeyOperationForbidden' || /operation .* is not permitted on this key/i.test(message)) {
    return {
      reason: 'misconfigured',
      retryable: false,
      message: `${which} is not made for ${action}.`,
      remedy: `Allow the key operation: "az keyvault key set-attributes --ops wrapKey unwrapKey --id ${id}".`,
    };
  }
  return undefined;
}
