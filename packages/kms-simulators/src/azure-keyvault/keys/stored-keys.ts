import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SimulatorError } from '../../shared/errors.js';
import type { Key, KeyMaterial, KeyVersion } from './key.js';
import type { KeyStore } from './key-store.js';
import type { VaultSettings } from './vault.js';

/** A PEM for an RSA key, base64 for an AES key. */
type StoredVersion = Omit<KeyVersion, 'material'> & { readonly privateKey?: string; readonly key?: string };
type StoredKey = Omit<Key, 'versions'> & { readonly versions: readonly StoredVersion[] };
type StoredVault = VaultSettings & { readonly port: number; readonly keys: readonly StoredKey[] };

/** The section of the state file. Ids of keys hold their vault's port, so the port is kept too. */
export interface StoredVaults {
  readonly vaults: readonly StoredVault[];
}

/** A vault as it was kept, before it listens. */
export interface LoadedVault {
  readonly settings: VaultSettings;
  readonly port: number;
  readonly keys: readonly Key[];
}

/** A JSON value that {@link loadVaults} reads again. Holds every secret in the clear. */
export function storeVaults(store: KeyStore): StoredVaults {
  const vaults = store.vaults().map(({ name, kind, region, purgeProtection, softDeleteDays, port, keys }): StoredVault => {
    const stored = [...keys.values()].map((key): StoredKey => ({ ...key, versions: key.versions.map(storeVersion) }));
    return { name, kind, region, purgeProtection, softDeleteDays, port, keys: stored };
  });
  return { vaults };
}

/** @throws SimulatorError `state-unreadable` */
export function loadVaults(section: unknown): LoadedVault[] {
  if (section === undefined) return [];
  try {
    return (section as StoredVaults).vaults.map(({ port, keys, ...settings }) => ({
      settings,
      port,
      // JSON leaves undefined fields out; the full shape is restored here.
      keys: keys.map((key): Key => ({ ...key, deleted: key.deleted, versions: key.versions.map(loadVersion) })),
    }));
  } catch (error) {
    throw new SimulatorError(
      'state-unreadable',
      `The state file holds no usable Azure keys: ${(error as Error).message} It was left as it is.`,
      { cause: error },
    );
  }
}

function storeVersion({ material, ...version }: KeyVersion): StoredVersion {
  if (material.kind === 'oct') return { ...version, key: Buffer.from(material.key).toString('base64') };
  return { ...version, privateKey: material.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function loadVersion({ privateKey, key, ...version }: StoredVersion): KeyVersion {
  return { ...version, notBefore: version.notBefore, expires: version.expires, material: loadMaterial(privateKey, key) };
}

function loadMaterial(pem: string | undefined, base64: string | undefined): KeyMaterial {
  if (base64 !== undefined) return { kind: 'oct', key: new Uint8Array(Buffer.from(base64, 'base64')) };
  const privateKey = createPrivateKey(pem ?? '');
  return { kind: 'rsa', privateKey, publicKey: createPublicKey(privateKey) };
}
