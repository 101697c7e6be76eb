import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SimulatorError } from '../../shared/errors.js';
import type { KeyMaterial } from './key-material.js';
import { KeyStore } from './key-store.js';
import type { Alias, KmsKey } from './kms-key.js';

interface StoredSymmetric {
  versions: { id: string; key: string; rotatedAt?: number }[];
}
interface StoredRsa {
  privateKey: string;
}
/** Related multi-Region keys name the same material. */
type StoredKey = Omit<KmsKey, 'material'>;

/** The section of the state file. */
export interface StoredKeys {
  /** By account and key id: related multi-Region keys share one. */
  materials: Record<string, StoredSymmetric | StoredRsa>;
  keys: StoredKey[];
  aliases: Alias[];
}

/** A JSON value that {@link loadKeys} reads again. Holds every secret in the clear. */
export function storeKeys(store: KeyStore): StoredKeys {
  const materials: StoredKeys['materials'] = {};
  const keys = store.keys().map(({ material, ...key }): StoredKey => {
    materials[materialName(key)] ??= storeMaterial(material);
    return key;
  });
  return { materials, keys, aliases: store.aliases() };
}

/** @throws SimulatorError `state-unreadable` */
export function loadKeys(section: unknown): KeyStore {
  const store = new KeyStore();
  if (section === undefined) return store;
  try {
    const { materials, keys, aliases } = section as StoredKeys;
    const loaded = new Map(Object.entries(materials).map(([name, stored]) => [name, loadMaterial(stored)]));
    for (const key of keys) {
      const material = loaded.get(materialName(key));
      if (material === undefined) throw new Error(`Key ${key.keyId} has no material.`);
      // JSON leaves undefined fields out; the full shape is restored here.
      store.addKey({ ...key, primaryRegion: key.primaryRegion, deletion: key.deletion, material });
    }
    for (const alias of aliases) store.addAlias({ ...alias });
  } catch (error) {
    throw new SimulatorError(
      'state-unreadable',
      `The state file holds no usable AWS KMS keys: ${(error as Error).message} It was left as it is.`,
      { cause: error },
    );
  }
  store.changed = false;
  return store;
}

function materialName({ account, keyId }: Pick<KmsKey, 'account' | 'keyId'>): string {
  return `${account}/${keyId}`;
}

function storeMaterial(material: KeyMaterial): StoredSymmetric | StoredRsa {
  if (material.kind === 'rsa') {
    return { privateKey: material.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
  return {
    versions: material.versions.map(({ id, key, rotatedAt }) => ({
      id,
      key: Buffer.from(key).toString('base64'),
      ...(rotatedAt === undefined ? {} : { rotatedAt }),
    })),
  };
}

function loadMaterial(stored: StoredSymmetric | StoredRsa): KeyMaterial {
  if ('privateKey' in stored) {
    const privateKey = createPrivateKey(stored.privateKey);
    return { kind: 'rsa', privateKey, publicKey: createPublicKey(privateKey) };
  }
  return {
    kind: 'symmetric',
    versions: stored.versions.map(({ id, key, rotatedAt }) => ({
      id,
      key: new Uint8Array(Buffer.from(key, 'base64')),
      rotatedAt,
    })),
  };
}
