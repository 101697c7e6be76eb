import { aliasArn, keyArn } from './arn.js';
import { DAY, isPrimary, type Alias, type KmsKey } from './kms-key.js';

/** Names a key within one account and Region. */
export interface KeyPlace {
  readonly region: string;
  readonly account: string;
  readonly keyId: string;
}

/** The keys and aliases of all accounts and Regions. */
export class KeyStore {
  readonly #keys = new Map<string, KmsKey>();
  readonly #aliases = new Map<string, Alias>();
  /** Set by every change; whoever writes the state resets it. */
  changed = false;

  key(place: KeyPlace): KmsKey | undefined {
    return this.#keys.get(keyArn(place));
  }

  alias(place: Pick<Alias, 'region' | 'account' | 'name'>): Alias | undefined {
    return this.#aliases.get(aliasArn(place));
  }

  /** Every key, in the order of creation. */
  keys(): KmsKey[] {
    return [...this.#keys.values()];
  }

  aliases(): Alias[] {
    return [...this.#aliases.values()];
  }

  aliasesOf(key: KmsKey): Alias[] {
    return this.aliases().filter((alias) => {
      return alias.keyId === key.keyId && alias.account === key.account && alias.region === key.region;
    });
  }

  /** The other Regions' keys of the same multi-Region key. */
  relatedKeys(key: KmsKey): KmsKey[] {
    if (key.primaryRegion === undefined) return [];
    return this.keys().filter((other) => {
      return other !== key && other.keyId === key.keyId && other.account === key.account;
    });
  }

  addKey(key: KmsKey): void {
    this.#keys.set(keyArn(key), key);
    this.changed = true;
  }

  addAlias(alias: Alias): void {
    this.#aliases.set(aliasArn(alias), alias);
    this.changed = true;
  }

  removeAlias(alias: Alias): void {
    this.#aliases.delete(aliasArn(alias));
    this.changed = true;
  }

  /** Applies a change to a key or alias that the store holds. */
  update<Item extends KmsKey | Alias>(item: Item, change: (item: Item) => void): void {
    change(item);
    this.changed = true;
  }

  /**
   * Deletes the keys whose waiting period is over, with their aliases. The waiting period of a
   * primary key begins when the last of its replicas is deleted.
   */
  deleteDueKeys(now: number): void {
    const due = this.keys()
      .filter((key) => (key.deletion?.at ?? Infinity) <= now)
      .sort((a, b) => (a.deletion?.at ?? 0) - (b.deletion?.at ?? 0));
    if (due.length === 0) return;
    for (const key of due) {
      for (const alias of this.aliasesOf(key)) this.removeAlias(alias);
      this.#keys.delete(keyArn(key));
      this.changed = true;
      const [primary, ...others] = this.relatedKeys(key);
      if (primary?.deletion === undefined || !isPrimary(primary) || others.length > 0) continue;
      primary.deletion.at ??= (key.deletion?.at ?? now) + primary.deletion.windowDays * DAY;
    }
    this.deleteDueKeys(now);
  }
}
