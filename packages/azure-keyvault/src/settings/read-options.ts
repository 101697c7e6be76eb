import { assertOptions, invalidArgument, readMaxAttempts, readTimeout } from '@keyfold/core/keyring';
import { readKey } from '../names/configured-key.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { isHost } from '../names/hosts.js';
import { ALGORITHMS, isAlgorithm } from '../provider.js';
import type { AzureKeyVaultAlgorithm } from '../provider.js';
import type { AzureKeyVaultKeyringOptions } from './options.js';

/** `AzureKeyVaultKeyringOptions`, checked, defaults filled in. */
export interface Settings {
  /** How errors and reports name the keyring. */
  readonly name: string;
  readonly key: ConfiguredKey;
  /** How `key` wraps. */
  readonly algorithm: AzureKeyVaultAlgorithm;
  /** Keys that are unwrapped with only. */
  readonly alsoUnwrap: readonly ConfiguredKey[];
  readonly timeoutMs: number;
  readonly maxAttempts: number;
}

/** Throws `invalid-argument`. */
export function readOptions(options: AzureKeyVaultKeyringOptions): Settings {
  assertOptions(options, "azureKeyVaultKeyring({ key: 'https://<vault>.vault.azure.net/keys/<name>' })");
  const trustedHosts = readTrustedHosts(options.trustedHosts ?? []);
  const key = readKey(options.key, 'options.key', trustedHosts);
  assertClient(options);
  return {
    name: key.text,
    key,
    algorithm: readAlgorithm(options.algorithm ?? defaultAlgorithm(key)),
    alsoUnwrap: readAlsoUnwrap(options.alsoUnwrap ?? [], trustedHosts),
    timeoutMs: readTimeout(options.timeoutMs),
    maxAttempts: readMaxAttempts(options.maxAttempts ?? (options.client === undefined ? undefined : 1)),
  };
}

/** AES keys are what a Managed HSM has and a vault has not. */
export function defaultAlgorithm({ isHsm }: ConfiguredKey): AzureKeyVaultAlgorithm {
  return isHsm ? 'A256KW' : 'RSA-OAEP-256';
}

export function readTrustedHosts(hosts: unknown): ReadonlySet<string> {
  const read = Array.isArray(hosts) ? hosts.map((host: unknown) => (typeof host === 'string' ? host.toLowerCase() : '')) : [''];
  if (read.every(isHost)) return new Set(read);
  throw invalidArgument('options.trustedHosts', "pass an array of hosts, with the port where there is one, such as ['127.0.0.1:8443'].");
}

function readAlgorithm(algorithm: unknown): AzureKeyVaultAlgorithm {
  if (isAlgorithm(algorithm)) return algorithm;
  throw invalidArgument('options.algorithm', `pass one of ${Object.keys(ALGORITHMS).join(', ')}.`);
}

function readAlsoUnwrap(ids: unknown, trustedHosts: ReadonlySet<string>): ConfiguredKey[] {
  if (!Array.isArray(ids)) throw invalidArgument('options.alsoUnwrap', 'pass an array of identifiers of keys.');
  return ids.map((id: unknown) => readKey(id, 'options.alsoUnwrap', trustedHosts));
}

function assertClient({ client, clientOptions, credential }: AzureKeyVaultKeyringOptions): void {
  if (clientOptions !== undefined && (typeof (clientOptions as unknown) !== 'object' || (clientOptions as unknown) === null)) {
    throw invalidArgument('options.clientOptions', "pass the settings of a CryptographyClient, such as { serviceVersion: '7.6' }.");
  }
  if (credential !== undefined && typeof (credential as Partial<typeof credential> | null)?.getToken !== 'function') {
    throw invalidArgument('options.credential', 'pass a TokenCredential, such as one of @azure/identity.');
  }
  if (client === undefined) return;
  if (typeof (client as unknown) !== 'function') {
    throw invalidArgument('options.client', 'pass a function that makes the client for an identifier: (id) => new CryptographyClient(id, credential).');
  }
  if (clientOptions !== undefined) throw invalidArgument('options.clientOptions', 'pass either client or clientOptions, not both.');
  if (credential !== undefined) throw invalidArgument('options.credential', 'pass either client or credential, not both.');
}
