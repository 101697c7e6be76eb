import { notFound } from '../protocol/service-error.js';
import type { CryptoKey, KeyRing, KeyVersion } from './crypto-key.js';
import { nextVersion, symmetricMaterial } from './make-version.js';
import {
  cryptoKeyName,
  keyRingName,
  versionName,
  type CryptoKeyName,
  type KeyRingName,
  type LocationName,
  type VersionName,
} from './resource-name.js';

/** The key rings and keys of all projects and locations. */
export class KeyStore {
  readonly #keyRings = new Map<string, KeyRing>();
  readonly #keys = new Map<string, CryptoKey>();
  /** Set by every change; whoever writes the state resets it. */
  changed = false;

  findKeyRing(name: KeyRingName): KeyRing | undefined {
    return this.#keyRings.get(keyRingName(name));
  }

  findKey(name: CryptoKeyName): CryptoKey | undefined {
    return this.#keys.get(cryptoKeyName(name));
  }

  /** @throws ServiceError `NOT_FOUND` */
  keyRing(name: KeyRingName): KeyRing {
    const found = this.findKeyRing(name);
    if (found === undefined) throw notFound('KeyRing', keyRingName(name));
    return found;
  }

  /** @throws ServiceError `NOT_FOUND` */
  key(name: CryptoKeyName): CryptoKey {
    const found = this.findKey(name);
    if (found === undefined) throw notFound('CryptoKey', cryptoKeyName(name));
    return found;
  }

  /** @throws ServiceError `NOT_FOUND` */
  version(name: VersionName): { readonly key: CryptoKey; readonly version: KeyVersion } {
    const key = this.key(name);
    const version = key.versions.find((one) => one.version === name.version);
    if (version === undefined) throw notFound('CryptoKeyVersion', versionName(name));
    return { key, version };
  }

  /** Every key ring, in the order of creation. */
  keyRings(): KeyRing[] {
    return [...this.#keyRings.values()];
  }

  /** Every key, in the order of creation. */
  keys(): CryptoKey[] {
    return [...this.#keys.values()];
  }

  keyRingsIn({ project, location }: LocationName): KeyRing[] {
    return this.keyRings().filter((ring) => ring.project === project && ring.location === location);
  }

  keysIn(ring: KeyRingName): CryptoKey[] {
    return this.keys().filter((key) => keyRingName(key) === keyRingName(ring));
  }

  addKeyRing(ring: KeyRing): void {
    this.#keyRings.set(keyRingName(ring), ring);
    this.changed = true;
  }

  addKey(key: CryptoKey): void {
    this.#keys.set(cryptoKeyName(key), key);
    this.changed = true;
  }

  /** Applies a change to something that the store holds. */
  update<Item extends CryptoKey | KeyVersion>(item: Item, change: (item: Item) => void): void {
    change(item);
    this.changed = true;
  }

  /** What time brings: versions that are due are destroyed, keys that are due rotate. */
  passTime(now: number): void {
    for (const key of this.#keys.values()) {
      for (const version of key.versions) {
        if (version.state !== 'DESTROY_SCHEDULED' || (version.destroyAt ?? Infinity) > now) continue;
        this.update(version, (one) => {
          one.state = 'DESTROYED';
          one.material = undefined;
        });
      }
      this.#rotateIfDue(key, now);
    }
  }

  /** However many periods have passed, one version is made: the service makes one at a time, too. */
  #rotateIfDue(key: CryptoKey, now: number): void {
    const { rotation } = key;
    if (rotation === undefined || rotation.nextAt > now) return;
    this.update(key, (one) => {
      const version = nextVersion(one, symmetricMaterial(), now);
      one.versions.push(version);
      one.primary = version.version;
      const { periodMs, nextAt } = rotation;
      one.rotation =
        periodMs === undefined ? undefined : { periodMs, nextAt: nextAt + Math.ceil((now - nextAt + 1) / periodMs) * periodMs };
    });
  }
}
