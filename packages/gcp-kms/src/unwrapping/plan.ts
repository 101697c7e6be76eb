import type { WrappedKey } from '@keyfold/core/keyring';
import type { ConfiguredKey } from '../names/configured-key.js';
import { isVersion } from '../names/key-name.js';
import { isRsaAlgorithm, PROVIDER, SYMMETRIC } from '../provider.js';

/** A wrapped key and the configured key that it is of. */
export interface Attempt {
  readonly key: ConfiguredKey;
  readonly wrappedKey: WrappedKey;
}

/** What is of a configured key by all its fields. Everything else is left alone; each key and version is tried once. */
export function plan(keys: readonly ConfiguredKey[], wrappedKeys: readonly WrappedKey[]): Attempt[] {
  const attempts = new Map<string, Attempt>();
  for (const wrappedKey of wrappedKeys) {
    const key = keys.find((one) => isOf(one, wrappedKey));
    const once = `${wrappedKey.keyId} ${wrappedKey.keyVersion}`;
    if (key !== undefined && !attempts.has(once)) attempts.set(once, { key, wrappedKey });
  }
  return [...attempts.values()];
}

/** Whether a wrapped key has the form that this key gives to those that it makes. */
export function isOf({ kind, name }: ConfiguredKey, { provider, keyId, keyVersion, algorithm }: WrappedKey): boolean {
  if (provider !== PROVIDER || keyId !== name.text || !isVersion(keyVersion)) return false;
  return kind === 'symmetric' ? algorithm === SYMMETRIC : isRsaAlgorithm(algorithm);
}
