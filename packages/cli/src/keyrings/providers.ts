import { usageError } from '../errors/usage-error.js';
import type { Provider } from './provider.js';

interface ProviderEntry {
  /** What `-k` takes. */
  readonly syntax: string;
  /** Loads what it takes, which costs time, only when it is used. */
  readonly load: () => Promise<Provider>;
}

/** Every kind of keyring that the command knows, by the name that its wrapped keys carry. */
const PROVIDERS: Readonly<Record<string, ProviderEntry>> = {
  'local-raw': {
    syntax: 'local-raw:<key file>[#<name>]',
    load: async () => (await import('./local-raw.js')).localRaw,
  },
  'aws-kms': {
    syntax: 'aws-kms:<ARN or alias>',
    load: async () => (await import('./aws-kms.js')).awsKms,
  },
  'gcp-kms': {
    syntax: 'gcp-kms:<resource name>',
    load: async () => (await import('./gcp-kms.js')).gcpKms,
  },
  'azure-keyvault': {
    syntax: 'azure-keyvault:<key identifier>',
    load: async () => (await import('./azure-keyvault.js')).azureKeyVault,
  },
};

export function keySyntaxes(): readonly string[] {
  return Object.values(PROVIDERS).map(({ syntax }) => syntax);
}

/** @throws `invalid-argument` when there is no such provider */
export async function loadProvider(name: string, argument: string): Promise<Provider> {
  const entry = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (entry !== undefined) return await entry.load();
  throw usageError(argument, `there is no provider ${JSON.stringify(name)}; write ${keySyntaxes().join(' or ')}.`);
}
