import { SimulatorError } from '../shared/errors.js';
import { keyId } from './keys/key-id.js';
import type { Vault } from './keys/vault.js';
import type { VaultServiceParts } from './vault-service.js';

/** A key that exists, deleted or not. */
export interface FoundAzureKey {
  /** Without a version. */
  readonly keyId: string;
  readonly vault: string;
  readonly name: string;
  /** Whether it is deleted, and can be recovered. */
  readonly deleted: boolean;
  /** By version, in the order of creation; the last one is the current one. */
  readonly versions: Readonly<Record<string, { readonly enabled: boolean }>>;
}

/** An id of a key or a version, taken apart. */
export interface ParsedId {
  readonly vault: Vault;
  readonly name: string;
  /** Empty if the id names none. */
  readonly version: string;
}

/** Takes `https://127.0.0.1:8592/keys/app/0123…` apart. @throws SimulatorError `invalid-option` */
export function parseId(id: string, { store }: Pick<VaultServiceParts, 'store'>): ParsedId {
  const [, url = '', name = '', version = ''] = /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(id) ?? [];
  const vault = store.vaults().find((one) => one.url === url);
  if (vault === undefined) throw new SimulatorError('invalid-option', `No vault here can have a key "${id}".`);
  return { vault, name, version };
}

/** Looks a key up without a request. @throws SimulatorError `invalid-option` */
export function findKey(id: string, { store, clock }: Pick<VaultServiceParts, 'store' | 'clock'>): FoundAzureKey | undefined {
  store.passTime(clock.now());
  const { vault, name } = parseId(id, { store });
  const key = store.findKey(vault, name);
  if (key === undefined) return undefined;
  const versions = Object.fromEntries(key.versions.map(({ version, enabled }) => [version, { enabled }]));
  return { keyId: keyId(vault, key), vault: vault.name, name: key.name, deleted: key.deleted !== undefined, versions };
}
