import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
import type { AzureKeyVaultKeyring, AzureKeyVaultKeyringOptions } from '@keyfold/azure-keyvault';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators, SimulatorsOptions } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

/** Deadline in ms that no answer of the simulator ever misses, unless a fault makes it. */
export const AMPLE = 30_000;

/** A simulated Azure Key Vault, and keyrings whose real SDK clients reach it over sockets. */
export interface Simulated {
  readonly sim: Simulators;
  /** A keyring without retries, so that each call is one request; before the first of each client there is the challenge. */
  readonly keyring: (options: AzureKeyVaultKeyringOptions) => AzureKeyVaultKeyring;
}

/** Starts a simulator for one test file; it is closed after its last test. */
export async function simulated(options: SimulatorsOptions = {}): Promise<Simulated> {
  const sim = await startSimulators(options);
  afterAll(async () => {
    await sim.close();
  });
  // One object for all: the SDK has sockets of its own for each set of TLS options.
  const clientOptions = sim.azure.clientOptions();
  const { credential } = sim.azure;
  return {
    sim,
    keyring: (given) => {
      const own = given.client === undefined ? { clientOptions, credential } : {};
      const trustedHosts = [given.key, ...(given.alsoUnwrap ?? [])].map(hostOf);
      return azureKeyVaultKeyring({ timeoutMs: AMPLE, maxAttempts: 1, trustedHosts, ...own, ...given });
    },
  };
}

/** `127.0.0.1:8443` of `https://127.0.0.1:8443/keys/app`. */
export function hostOf(id: string): string {
  return id.split('/')[2] ?? '';
}

/** The version at the end of an identifier. */
export function versionOf(id: string): string {
  return id.split('/')[5] ?? '';
}
