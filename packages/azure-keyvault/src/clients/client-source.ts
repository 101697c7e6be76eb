import type { CryptographyClient, KeyVaultKey } from '@azure/keyvault-keys';
import type { KeyId } from '../names/key-id.js';
import { firstAlone } from './first-alone.js';
import { sharedTokens } from './shared-tokens.js';
import type { AzureKeyVaultClient, AzureKeyVaultClientOptions, AzureKeyVaultCredential } from './vault-client.js';

/** The clients of a keyring, made when they are first needed: one for each key, and one for each version of it. */
export interface ClientSource {
  /** Rejects with what loading or making one throws. */
  get(key: KeyId, version: string | undefined): Promise<AzureKeyVaultClient>;
}

/** Where clients come from. */
export interface ClientSettings {
  readonly timeoutMs: number;
  readonly client?: ((id: string) => AzureKeyVaultClient) | undefined;
  readonly clientOptions?: AzureKeyVaultClientOptions | undefined;
  readonly credential?: AzureKeyVaultCredential | undefined;
}

/** Versions come from envelopes, so there is an end to how many clients are kept. */
const MOST = 64;

export function clientSource(settings: ClientSettings): ClientSource {
  const { client } = settings;
  const make = client === undefined ? ownClients(settings) : (key: KeyId, version?: string) => client(idOf(key, version));
  const clients = new Map<string, AzureKeyVaultClient>();
  return {
    async get(key, version) {
      const id = idOf(key, version);
      const known = clients.get(id);
      // What was used last is at the end, and goes last.
      clients.delete(id);
      const one = known ?? firstAlone(await make(key, version));
      const current = clients.get(id) ?? one;
      clients.set(id, current);
      const [oldest] = clients.keys();
      if (clients.size > MOST && oldest !== undefined) clients.delete(oldest);
      return current;
    },
  };
}

/** The SDK is loaded here and nowhere else: who passes a client, or wraps offline, has no need to wait for it. */
function ownClients({ credential, clientOptions, timeoutMs }: ClientSettings): (key: KeyId, version?: string) => Promise<CryptographyClient> {
  let shared: Promise<AzureKeyVaultCredential> | undefined;
  return async (key, version) => {
    const { CryptographyClient } = await import('@azure/keyvault-keys');
    shared ??= makeCredential(credential).then((one) => sharedTokens(one, timeoutMs));
    const options: AzureKeyVaultClientOptions = {
      ...clientOptions,
      retryOptions: { maxRetries: 0, ...clientOptions?.retryOptions },
      // A redirect would carry the data key to where nobody configured.
      redirectOptions: { maxRetries: 0 },
    };
    try {
      return new CryptographyClient(keyWithoutMaterial(key, version), await shared, options);
    } catch (error) {
      shared = undefined;
      throw error;
    }
  };
}

/**
 * A key as the SDK describes one. Given the identifier alone, it would ask for the key first (`get`), and with the public
 * half of a key it could wrap by itself; so it is given a key without either.
 */
function keyWithoutMaterial(key: KeyId, version: string | undefined): KeyVaultKey {
  const { name, host } = key;
  return { id: idOf(key, version), name, properties: { name, vaultUrl: `https://${host}`, ...(version === undefined ? {} : { version }) } };
}

async function makeCredential(given: AzureKeyVaultCredential | undefined): Promise<AzureKeyVaultCredential> {
  if (given !== undefined) return given;
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

function idOf(key: KeyId, version: string | undefined): string {
  return version === undefined ? key.text : `${key.text}/${version}`;
}
