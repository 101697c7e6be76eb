import { SimulatorError } from '../shared/errors.js';
import type { VaultKind, VaultSettings } from './keys/vault.js';

/** How the simulated Azure Key Vault is set up. */
export interface AzureKeyVaultOptions {
  /**
   * Port on 127.0.0.1 of the first vault; each further vault takes the next one. With 0, the default, the
   * system chooses a free one for each.
   */
  readonly port?: number;
  /** Port of the token endpoint for managed identities; 0, the default, is any free one. */
  readonly identityPort?: number;
  /** Id of the Microsoft Entra tenant that the vaults belong to, a UUID. */
  readonly tenant?: string;
  /** Vaults and managed HSMs to start with; without any there is one vault named `keyfold`. The first is the default. */
  readonly vaults?: readonly NewVault[];
}

/** A vault or managed HSM to be made. */
export interface NewVault {
  /** 3 to 24 letters, digits and hyphens. */
  readonly name: string;
  /** Default `vault`; only a `managed-hsm` holds AES keys. */
  readonly kind?: VaultKind;
  /** Default `westeurope`. */
  readonly region?: string;
  /** Default: the next one, or any free one. */
  readonly port?: number;
  /** Whether nobody can purge a deleted key before its time; default `false`. */
  readonly purgeProtection?: boolean;
  /** How long deleted keys can be recovered, 7 to 90 days; default 90. */
  readonly softDeleteDays?: number;
}

/** {@link AzureKeyVaultOptions}, checked. */
export interface AzureKeyVaultSettings {
  readonly port: number;
  readonly identityPort: number;
  readonly tenant: string;
  readonly vaults: readonly NewVault[];
}

export const DEFAULT_VAULT = 'keyfold';
const DEFAULT_TENANT = '11111111-2222-4333-8444-555555555555';

/** @throws SimulatorError `invalid-option` */
export function checkAzureKeyVaultOptions(options: AzureKeyVaultOptions): AzureKeyVaultSettings {
  const { port = 0, identityPort = 0, tenant = DEFAULT_TENANT, vaults = [] } = options;
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant)) throw invalid(`A tenant id is a UUID, unlike "${tenant}".`);
  for (const vault of vaults) checkVault(vault);
  return { port, identityPort, tenant, vaults: vaults.length === 0 ? [{ name: DEFAULT_VAULT }] : vaults };
}

/** @throws SimulatorError `invalid-option` */
export function checkVault({ name, kind = 'vault', region = 'westeurope', purgeProtection = false, softDeleteDays = 90 }: NewVault): VaultSettings {
  if (!/^[a-z](?:-?[0-9a-z]){2,23}$/i.test(name) || name.length > 24) {
    throw invalid(`The name of a vault has 3 to 24 letters, digits and single hyphens, the first a letter, unlike "${name}".`);
  }
  if (!/^[a-z][a-z0-9]*$/.test(region)) throw invalid(`A region has lower-case letters and digits, like westeurope, and unlike "${region}".`);
  if (!Number.isInteger(softDeleteDays) || softDeleteDays < 7 || softDeleteDays > 90) {
    throw invalid(`Deleted keys can be recovered for 7 to 90 days, not ${softDeleteDays}.`);
  }
  return { name, kind, region, purgeProtection, softDeleteDays };
}

function invalid(message: string): SimulatorError {
  return new SimulatorError('invalid-option', message);
}
