import { keyId, versionId } from '../keys/key-id.js';
import { currentVersion, type Key, type KeyVersion } from '../keys/key.js';
import type { Vault } from '../keys/vault.js';
import type { Output } from './operation.js';

/** A version as the service shows it: its public part and its attributes. */
export function keyBundle(vault: Vault, key: Key, version: KeyVersion): NonNullable<Output> {
  const { kty, operations, material } = version;
  // An AES key has no public part.
  const { n, e } = material.kind === 'rsa' ? material.publicKey.export({ format: 'jwk' }) : {};
  return {
    key: { kid: versionId(vault, key, version), kty, key_ops: operations, n, e },
    attributes: attributes(vault, version),
    ...tags(version),
    ...deletion(vault, key),
  };
}

/** A key as lists show it, without a version in its name. */
export function keyItem(vault: Vault, key: Key): NonNullable<Output> {
  const version = currentVersion(key);
  return { kid: keyId(vault, key), attributes: attributes(vault, version), ...tags(version), ...deletion(vault, key) };
}

/** A version as lists show it. */
export function versionItem(vault: Vault, key: Key, version: KeyVersion): NonNullable<Output> {
  return { kid: versionId(vault, key, version), attributes: attributes(vault, version), ...tags(version) };
}

function tags({ tags: all }: KeyVersion): { tags?: Readonly<Record<string, string>> } {
  return Object.keys(all).length === 0 ? {} : { tags: all };
}

function attributes(vault: Vault, { enabled, notBefore, expires, createdAt, updatedAt }: KeyVersion): object {
  return {
    enabled,
    nbf: notBefore === undefined ? undefined : seconds(notBefore),
    exp: expires === undefined ? undefined : seconds(expires),
    created: seconds(createdAt),
    updated: seconds(updatedAt),
    recoveryLevel: recoveryLevel(vault),
    recoverableDays: vault.softDeleteDays,
    exportable: false,
  };
}

function recoveryLevel({ softDeleteDays, purgeProtection }: Vault): string {
  return `${softDeleteDays === 90 ? '' : 'Customized'}Recoverable${purgeProtection ? '' : '+Purgeable'}`;
}

function deletion({ url }: Vault, { name, deleted }: Key): object {
  if (deleted === undefined) return {};
  return { recoveryId: `${url}/deletedkeys/${name}`, deletedDate: seconds(deleted.at), scheduledPurgeDate: seconds(deleted.purgeAt) };
}

/** Times travel as whole seconds since 1970. */
function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

