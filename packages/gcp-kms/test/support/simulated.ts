import { KeyManagementServiceClient } from '@google-cloud/kms';
import { gcpKmsKeyring } from '@keyfold/gcp-kms';
import type { GcpKmsKeyring, GcpKmsKeyringOptions } from '@keyfold/gcp-kms';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators, SimulatorsOptions } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

/** A location and another one. */
export const HOME = 'europe-west1';
export const AWAY = 'us-east1';

/** Deadline in ms that no answer of the simulator ever misses, unless a fault makes it. */
export const AMPLE = 30_000;

/** A simulated Google Cloud KMS, and real SDK clients that reach it over sockets. */
export interface Simulated {
  readonly sim: Simulators;
  /** A keyring without retries, so that each call is one request. All share one client, unless they are given their own. */
  readonly keyring: (options: GcpKmsKeyringOptions) => GcpKmsKeyring;
  readonly client: () => KeyManagementServiceClient;
}

/** Starts a simulator for one test file; everything is closed after its last test. */
export async function simulated(options: SimulatorsOptions = {}): Promise<Simulated> {
  const sim = await startSimulators(options);
  const open: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const one of open) await one.close();
    await sim.close();
  });
  const client = (): KeyManagementServiceClient => {
    const made = new KeyManagementServiceClient(sim.gcp.clientOptions());
    open.push(made);
    return made;
  };
  const shared = client();
  return {
    sim,
    client,
    keyring: (given) => {
      const defaults = given.client === undefined && given.clientOptions === undefined ? { client: shared } : {};
      const keyring = gcpKmsKeyring({ timeoutMs: AMPLE, maxAttempts: 1, ...defaults, ...given });
      open.push(keyring);
      return keyring;
    },
  };
}

/** Disables or enables a version, as an administrator would. */
export async function setState(kms: KeyManagementServiceClient, name: string, state: 'ENABLED' | 'DISABLED'): Promise<void> {
  await kms.updateCryptoKeyVersion({ cryptoKeyVersion: { name, state }, updateMask: { paths: ['state'] } });
}

/** Makes a new version the one that encrypts. */
export async function rotate(kms: KeyManagementServiceClient, name: string): Promise<string> {
  const [{ name: version }] = await kms.createCryptoKeyVersion({ parent: name });
  const number = version?.split('/').at(-1) ?? '';
  await kms.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: number });
  return number;
}
