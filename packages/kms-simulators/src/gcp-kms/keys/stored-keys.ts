import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SimulatorError } from '../../shared/errors.js';
import type { CryptoKey, KeyMaterial, KeyRing, KeyVersion } from './crypto-key.js';
import { KeyStore } from './key-store.js';

/** A PEM for an RSA key, base64 for a symmetric one; absent once it is destroyed. */
type StoredVersion = Omit<KeyVersion, 'material'> & { readonly privateKey?: string; readonly key?: string };
type StoredKey = Omit<CryptoKey, 'versions'> & { readonly versions: readonly StoredVersion[] };

/** The section of the state file. */
export interface StoredKeys {
  readonly keyRings: readonly KeyRing[];
  readonly keys: readonly StoredKey[];
}

/** A JSON value that {@link loadKeys} reads again. Holds every secret in the clear. */
export function storeKeys(store: KeyStore): StoredKeys {
  const keys = store.keys().map((key): StoredKey => {
    const versions = key.versions.map(({ material, ...version }): StoredVersion => ({ ...version, ...storeMaterial(material) }));
    return { ...key, versions };
  });
  return { keyRings: store.keyRings(), keys };
}

/** @throws SimulatorError `state-unreadable` */
export function loadKeys(section: unknown): KeyStore {
  const store = new KeyStore();
  if (section === undefined) return store;
  try {
    const { keyRings, keys } = section as StoredKeys;
    for (const ring of keyRings) store.addKeyRing({ ...ring });
    for (const key of keys) {
      // JSON leaves undefined fields out; the full shape is restored here.
      const versions = key.versions.map((version): KeyVersion => {
        const { privateKey, key: symmetric, ...rest } = version;
        return { ...rest, destroyAt: rest.destroyAt, material: loadMaterial({ privateKey, key: symmetric }) };
      });
      store.addKey({ ...key, primary: key.primary, rotation: key.rotation, versions });
    }
  } catch (error) {
    throw new SimulatorError(
      'state-unreadable',
      `The state file holds no usable Google Cloud KMS keys: ${(error as Error).message} It was left as it is.`,
      { cause: error },
    );
  }
  store.changed = false;
  return store;
}

function storeMaterial(material: KeyMaterial | undefined): Pick<StoredVersion, 'privateKey' | 'key'> {
  if (material === undefined) return {};
  if (material.kind === 'symmetric') return { key: Buffer.from(material.key).toString('base64') };
  return { privateKey: material.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function loadMaterial(stored: { readonly privateKey: string | undefined; readonly key: string | undefined }): KeyMaterial | undefined {
  if (stored.key !== undefined) return { kind: 'symmetric', key: new Uint8Array(Buffer.from(stored.key, 'base64')) };
  if (stored.privateKey === undefined) return undefined;
  const privateKey = createPrivateKey(stored.privateKey);
  return { kind: 'rsa', privateKey, publicKey: createPublicKey(privateKey) };
}
