import type { Key } from './key.js';

/** Azure Key Vault has vaults and managed HSMs; only the latter hold AES keys. */
export type VaultKind = 'vault' | 'managed-hsm';

/** What a vault is set up with. */
export interface VaultSettings {
  readonly name: string;
  readonly kind: VaultKind;
  /** Where it is, e.g. `westeurope`. */
  readonly region: string;
  /** Whether a deleted key stays until its time is over, whoever wants it purged. */
  readonly purgeProtection: boolean;
  /** How long a deleted key can be recovered, 7 to 90 days. */
  readonly softDeleteDays: number;
}

/** A vault or managed HSM with its keys, on a port of its own. */
export interface Vault extends VaultSettings {
  readonly port: number;
  /** Without a slash at the end: `https://127.0.0.1:8592`. */
  readonly url: string;
  /** By name, in the order of creation. */
  readonly keys: Map<string, Key>;
}

/** Who a token must be for: the resource that the service names in its challenge. */
export const AUDIENCES: Readonly<Record<VaultKind, string>> = {
  vault: 'https://vault.azure.net',
  'managed-hsm': 'https://managedhsm.azure.net',
};
