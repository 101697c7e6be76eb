import { keyNotFound } from '../protocol/vault-error.js';
import { currentVersion, type Key, type KeyVersion } from './key.js';
import type { Vault } from './vault.js';

/** All vaults with their keys. */
export class KeyStore {
  readonly #vaults = new Map<string, Vault>();
  /** Set by every change; whoever writes the state resets it. */
  changed = false;

  /** In the order of creation. */
  vaults(): Vault[] {
    return [...this.#vaults.values()];
  }

  vault(name: string): Vault | undefined {
    return this.#vaults.get(name.toLowerCase());
  }

  addVault(vault: Vault): void {
    this.#vaults.set(vault.name.toLowerCase(), vault);
    this.changed = true;
  }

  /** Names of keys do not tell upper case from lower case. */
  findKey(vault: Vault, name: string): Key | undefined {
    return vault.keys.get(name.toLowerCase());
  }

  /** @throws VaultError `KeyNotFound`, also if the key is deleted */
  key(vault: Vault, name: string): Key {
    const key = this.findKey(vault, name);
    if (key === undefined || key.deleted !== undefined) throw keyNotFound(name);
    return key;
  }

  /**
   * @param version Empty for the current one.
   * @throws VaultError `KeyNotFound`
   */
  version(vault: Vault, name: string, version: string): { readonly key: Key; readonly version: KeyVersion } {
    const key = this.key(vault, name);
    const found = version === '' ? currentVersion(key) : key.versions.find((one) => one.version === version.toLowerCase());
    if (found === undefined) throw keyNotFound(`${name}/${version}`);
    return { key, version: found };
  }

  addKey(vault: Vault, key: Key): void {
    vault.keys.set(key.name.toLowerCase(), key);
    this.changed = true;
  }

  removeKey(vault: Vault, { name }: Key): void {
    vault.keys.delete(name.toLowerCase());
    this.changed = true;
  }

  /** Applies a change to something that the store holds. */
  update<Item extends Key | KeyVersion>(item: Item, change: (item: Item) => void): void {
    change(item);
    this.changed = true;
  }

  /** What time brings: deleted keys whose time is over are gone. */
  passTime(now: number): void {
    for (const vault of this.#vaults.values()) {
      for (const key of [...vault.keys.values()]) {
        if ((key.deleted?.purgeAt ?? Infinity) <= now) this.removeKey(vault, key);
      }
    }
  }
}
