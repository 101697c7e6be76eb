import { createPrivateKey, createPublicKey } from 'node:crypto';
import { isFresh, type Certificate } from '../certificate/self-signed.js';
import { SimulatorError } from '../../shared/errors.js';
import type { Key, KeyMaterial, KeyVersion } from './key.js';
import type { KeyStore } from './key-store.js';
import type { VaultSettings } from './vault.js';

/** A PEM for an RSA key, base64 for an AES key. */
type StoredVersion = Omit<KeyVersion, 'material'> & { readonly privateKey?: string; readonly key?: string };
type StoredKey = Omit<Key, 'versions'> & { readonly versions: readonly StoredVersion[] };
type StoredVault = VaultSettings & { readonly port?: number; readonly keys: readonly StoredKey[] };

/**
 * The section of the state file. Ids of keys hold their vault's port, so the port of a vault with keys is
 * kept too; that of another one may be taken by then, to no one's harm. The certificate is kept because
 * programs that run on while the simulators start again trust no other.
 */
export interface StoredVaults {
  readonly certificate: Certificate;
  readonly vaults: readonly StoredVault[];
}

/** A vault as it was kept, before it listens. */
export interface LoadedVault {
  readonly settings: VaultSettings;
  /** `undefined`: any. */
  readonly port: number | undefined;
  readonly keys: readonly Key[];
}

/** The section of the state file, read. */
export interface LoadedVaults {
  readonly certificate: Certificate | undefined;
  readonly vaults: readonly LoadedVault[];
}

/** A JSON value that {@link loadVaults} reads again. Holds every secret in the clear. */
export function storeVaults(store: KeyStore, certificate: Certificate): StoredVaults {
  const vaults = store.vaults().map(({ name, kind, region, purgeProtection, softDeleteDays, port, keys }): StoredVault => {
    const stored = [...keys.values()].map((key): StoredKey => ({ ...key, versions: key.versions.map(storeVersion) }));
    return { name, kind, region, purgeProtection, softDeleteDays, ...(keys.size === 0 ? {} : { port }), keys: stored };
  });
  return { certificate, vaults };
}

/** @throws SimulatorError `state-unreadable` */
export function loadVaults(section: unknown): LoadedVaults {
  if (section === undefined) return { certificate: undefined, vaults: [] };
  try {
    const { certificate, vaults } = section as StoredVaults;
    const loaded = vaults.map(({ port, keys, ...settings }): LoadedVault => ({
      settings,
      port,
      // JSON leaves undefined fields out; the full shape is restored here.
      keys: keys.map((key): Key => ({ ...key, deleted: key.deleted, versions: key.versions.map(loadVersion) })),
    }));
    return { certificate: isFresh(certificate) ? certificate : undefined, vaults: loaded };
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
