import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators } from '@keyfold/kms-simulators';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { at } from './keyfold.js';

/** Simulated key services, new for each test. */
export function simulated(): { readonly sim: () => Simulators } {
  let current: Simulators | undefined;
  beforeEach(async () => {
    current = await startSimulators();
  });
  afterEach(async () => {
    await current?.close();
  });
  return {
    sim: () => {
      if (current === undefined) throw new Error('The simulators run only while a test does.');
      return current;
    },
  };
}

/** What a configuration says of a key of the simulated Google Cloud KMS. */
export function gcpSettings(sim: Simulators, key: string): { readonly provider: string; readonly key: string; readonly endpoint: string } {
  return { provider: 'gcp-kms', key, endpoint: `http://127.0.0.1:${sim.gcp.port}` };
}

/** What a configuration says of a key of the simulated Azure Key Vault; the certificate is written beside it. */
export function azureSettings(sim: Simulators, key: string): { readonly provider: string; readonly key: string; readonly trustedHosts: string[]; readonly caFile: string } {
  writeFileSync(at('ca.pem'), sim.azure.ca);
  return { provider: 'azure-keyvault', key, trustedHosts: [new URL(key).host], caFile: 'ca.pem' };
}

/** Writes the configuration of the test's folder. */
export function writeConfig(value: unknown): void {
  writeFileSync(at('keyfold.config.json'), JSON.stringify(value, undefined, 2));
}
