import type { Key, KeyVersion } from './key.js';
import type { Vault } from './vault.js';

/** What names a key: `https://127.0.0.1:8592/keys/app`. */
export function keyId({ url }: Pick<Vault, 'url'>, { name }: Pick<Key, 'name'>): string {
  return `${url}/keys/${name}`;
}

/** What names a version, and what the service names keys by: `https://127.0.0.1:8592/keys/app/0123…`. */
export function versionId(vault: Pick<Vault, 'url'>, key: Pick<Key, 'name'>, { version }: Pick<KeyVersion, 'version'>): string {
  return `${keyId(vault, key)}/${version}`;
}
