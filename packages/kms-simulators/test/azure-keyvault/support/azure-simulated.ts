import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { startSimulators, type Simulators, type SimulatorsOptions } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

/** Simulators of one test file, closed after its last test, and unmodified SDK clients without retries. */
export interface AzureSimulated {
  readonly sim: Simulators;
  /** Of a vault by its name; of the first one without. */
  readonly keys: (vault?: string) => KeyClient;
  /** Of a key or version by its id. */
  readonly cryptography: (id: string | undefined) => CryptographyClient;
}

/** Each call is one request. */
export const ONCE = { retryOptions: { maxRetries: 0 } } as const;

export async function azureSimulated(options: SimulatorsOptions = {}): Promise<AzureSimulated> {
  const sim = await startSimulators(options);
  afterAll(async () => {
    await sim.close();
  });
  const { credential } = sim.azure;
  return {
    sim,
    keys: (vault) => new KeyClient(sim.azure.vaultUrl(vault), credential, { ...sim.azure.clientOptions(), ...ONCE }),
    cryptography: (id = '') => new CryptographyClient(id, credential, { ...sim.azure.clientOptions(), ...ONCE }),
  };
}
