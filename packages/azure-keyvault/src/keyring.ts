import { throwIfAborted } from '@keyfold/core/keyring';
import type { CheckRequest, KeyCheck, Keyring } from '@keyfold/core/keyring';
import { vaultCalls } from './calls/vault-calls.js';
import { checkKeys } from './checking/check-keys.js';
import { clientSource } from './clients/client-source.js';
import { PROVIDER } from './provider.js';
import type { AzureKeyVaultKeyringOptions } from './settings/options.js';
import { readOptions } from './settings/read-options.js';
import { unwrap } from './unwrapping/unwrap.js';
import { wrap } from './wrapping/wrap.js';

/** A keyring for Azure Key Vault. */
export interface AzureKeyVaultKeyring extends Keyring {
  /** Wraps and unwraps 32 bytes of zero under each key: no permission is needed but those to use it. */
  check(request: CheckRequest): Promise<readonly KeyCheck[]>;
}

/**
 * A keyring for one KEK in Azure Key Vault or a Managed HSM: an RSA key (`RSA-OAEP-256`), or in a Managed HSM an AES key of
 * 256 bits (`A256KW`).
 *
 * It wraps (`wrapKey`) and unwraps (`unwrapKey`) with one request each, which the service itself answers: nothing is
 * computed on this machine, and nothing else is asked for. Envelopes name the key and the version that the service says it
 * used, and are unwrapped with that version. Azure Key Vault takes no encryption context: the envelope's own MAC binds it.
 *
 * No key, vault or host is ever called that is not named in the options; an envelope under other keys is answered with
 * `null`, without a request. Redirects are not followed.
 *
 * Failures are `keyring-failed`; the remedy names the role to grant, or the version to enable.
 *
 * @throws `invalid-argument` for options that cannot be used
 * @example
 * ```ts
 * import { encrypt } from '@keyfold/core';
 * import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
 *
 * const keyring = azureKeyVaultKeyring({ key: 'https://acme-keys.vault.azure.net/keys/app' });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring, context: { tenant: 'acme' } });
 * ```
 */
export function azureKeyVaultKeyring(options: AzureKeyVaultKeyringOptions): AzureKeyVaultKeyring {
  const settings = readOptions(options);
  const { name, key, timeoutMs } = settings;
  const { client, clientOptions, credential } = options;
  const calls = vaultCalls(name, settings, clientSource({ timeoutMs, client, clientOptions, credential }));
  const keys = [key, ...settings.alsoUnwrap];

  const keyring: AzureKeyVaultKeyring = {
    specificationVersion: 'keyring-v1',
    provider: PROVIDER,
    name,
    keks: [{ provider: PROVIDER, keyId: key.id.text }],

    async wrap(request) {
      throwIfAborted(request.signal);
      return await wrap(settings, calls, request);
    },

    async unwrap(request) {
      throwIfAborted(request.signal);
      return await unwrap(keyring, keys, calls, request);
    },

    async check({ signal }) {
      throwIfAborted(signal);
      return await checkKeys(settings, calls, signal);
    },
  };
  return keyring;
}
