import { invalidArgument } from '@keyfold/core/keyring';
import { kindOfHost } from './hosts.js';
import { parseKeyId } from './key-id.js';
import type { KeyId } from './key-id.js';

/** A KEK that the keyring's owner named. */
export interface ConfiguredKey {
  readonly id: KeyId;
  /** The version to wrap with; without one, the service uses the newest. All versions are unwrapped with. */
  readonly version: string | undefined;
  /** As it was named, in lower case. */
  readonly text: string;
  readonly isHsm: boolean;
}

/**
 * Reads the identifier of a key.
 *
 * @param trustedHosts - hosts that are not Azure's and are allowed all the same, in lower case
 * @throws `invalid-argument`
 */
export function readKey(text: unknown, argument: string, trustedHosts: ReadonlySet<string>): ConfiguredKey {
  const parsed = typeof text === 'string' ? parseKeyId(text) : undefined;
  if (parsed === undefined) {
    throw invalidArgument(
      argument,
      'pass https://<vault>.vault.azure.net/keys/<name> or https://<hsm>.managedhsm.azure.net/keys/<name>, with or without a version at its end; "az keyvault key show --query key.kid" shows it.',
    );
  }
  const { key: id, version } = parsed;
  const kind = kindOfHost(id.host);
  if (kind === undefined && !trustedHosts.has(id.host)) {
    throw invalidArgument(argument, `${id.host} is not a vault or Managed HSM of Azure’s clouds; if data keys shall be sent there all the same, name it in trustedHosts.`);
  }
  return { id, version, text: version === undefined ? id.text : `${id.text}/${version}`, isHsm: kind === 'hsm' };
}
