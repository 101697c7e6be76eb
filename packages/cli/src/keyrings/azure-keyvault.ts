import type { AzureKeyVaultAlgorithm, AzureKeyVaultKeyringOptions } from '@keyfold/azure-keyvault';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { placed } from './failure-domain.js';
import { fromOptions, given } from './from-options.js';
import { loadOptional } from './optional-package.js';
import type { Origin, PlacedKeyring, Provider } from './provider.js';
import { readPublicKey } from './public-key-file.js';

/** What a configuration says of a key in Azure Key Vault or a Managed HSM, as the schema describes it. */
interface AzureKeyVaultSettings {
  readonly key: string;
  readonly algorithm?: AzureKeyVaultAlgorithm;
  readonly alsoUnwrap?: readonly string[];
  readonly publicKeyFile?: string;
  readonly timeoutMs?: number;
  readonly maxAttempts?: number;
  readonly trustedHosts?: readonly string[];
  readonly caFile?: string;
}

type ClientOptions = NonNullable<AzureKeyVaultKeyringOptions['clientOptions']>;

/** Keys in Azure Key Vault and Managed HSMs: `azure-keyvault:<identifier>`. Credentials are the SDK's own. */
export const azureKeyVault: Provider = {
  async fromSpec(rest, origin) {
    if (rest === '') throw usageError(origin.argument, 'name the key: azure-keyvault:https://<vault>.vault.azure.net/keys/<name>.');
    return await makeKeyring({ key: rest }, origin);
  },

  async fromSettings(settings, origin) {
    return await makeKeyring(settings as unknown as AzureKeyVaultSettings, origin);
  },
};

async function makeKeyring(settings: AzureKeyVaultSettings, origin: Origin): Promise<PlacedKeyring> {
  const { key, algorithm, alsoUnwrap, publicKeyFile, timeoutMs, maxAttempts, trustedHosts } = settings;
  // A public key needs no SDK.
  const packages = ['@keyfold/azure-keyvault', ...(publicKeyFile === undefined ? ['@azure/keyvault-keys', '@azure/identity'] : [])] as const;
  const { azureKeyVaultKeyring, azureKeyVaultOfflineKeyring } = await loadOptional(async () => await import('@keyfold/azure-keyvault'), packages, origin.argument);
  if (publicKeyFile !== undefined) {
    const publicKey = await readPublicKey(publicKeyFile, origin);
    return placed(fromOptions(() => azureKeyVaultOfflineKeyring({ key, publicKey, ...given({ trustedHosts }) }), origin));
  }
  const clientOptions = await clientOptionsOf(settings, origin);
  const options = { key, ...given({ algorithm, alsoUnwrap, timeoutMs, maxAttempts, trustedHosts }), clientOptions };
  return placed(fromOptions(() => azureKeyVaultKeyring(options), origin));
}

async function clientOptionsOf({ caFile, trustedHosts = [] }: AzureKeyVaultSettings, { folder }: Origin): Promise<ClientOptions> {
  const ca = caFile === undefined ? undefined : await fileOperation('read the certificate', caFile, readFile(resolve(folder, caFile), 'utf8'));
  return {
    ...(ca === undefined ? {} : { tlsOptions: { ca } }),
    // The SDK would send tokens to hosts of Azure alone, also where another one is trusted.
    ...(trustedHosts.length === 0 ? {} : { disableChallengeResourceVerification: true }),
  };
}
