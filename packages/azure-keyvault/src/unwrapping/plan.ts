import type { WrappedKey } from '@keyfold/core/keyring';
import type { ConfiguredKey } from '../names/configured-key.js';
import { isVersion } from '../names/key-id.js';
import { isAlgorithm, PROVIDER } from '../provider.js';
import type { AzureKeyVaultAlgorithm } from '../provider.js';

/** A wrapped key, the configured key that it is of, and how that wrapped it. */
export interface Attempt {
  readonly key: ConfiguredKey;
  readonly algorithm: AzureKeyVaultAlgorithm;
  readonly wrappedKey: WrappedKey;
}

/** What is of a configured key by all its fields. Everything else is left alone; each key and version is tried once. */
export function plan(keys: readonly ConfiguredKey[], wrappedKeys: readonly WrappedKey[]): Attempt[] {
  const attempts = new Map<string, Attempt>();
  for (const wrappedKey of wrappedKeys) {
    const { algorithm, keyId, keyVersion } = wrappedKey;
    const key = keys.find((one) => isOf(one, wrappedKey));
    const once = `${keyId} ${keyVersion}`;
    if (key !== undefined && isAlgorithm(algorithm) && !attempts.has(once)) attempts.set(once, { key, algorithm, wrappedKey });
  }
  return [...attempts.values()];
}

/** Whether a wrapped key has the form that this key gives to those that it makes. */
export function isOf({ id }: Pick<ConfiguredKey, 'id'>, { provider, keyId, keyVersion, algorithm }: WrappedKey): boolean {
  return provider === PROVIDER && keyId === id.text && isVersion(keyVersion) && isAlgorithm(algorithm);
}
