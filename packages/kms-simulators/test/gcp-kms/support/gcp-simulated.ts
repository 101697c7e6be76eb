import { KeyManagementServiceClient } from '@google-cloud/kms';
import { afterAll } from 'vitest';
import { startSimulators, type Simulators, type SimulatorsOptions } from '@keyfold/kms-simulators';

/** A location and another one. */
export const HOME = 'europe-west1';
export const AWAY = 'us-east1';

/** Simulators and clients of one test file, closed after its last test. */
export interface GcpSimulated {
  readonly sim: Simulators;
  /** An unmodified SDK client. */
  readonly client: () => KeyManagementServiceClient;
}

export async function gcpSimulated(options: SimulatorsOptions = {}): Promise<GcpSimulated> {
  const sim = await startSimulators(options);
  const clients: KeyManagementServiceClient[] = [];
  afterAll(async () => {
    for (const client of clients) await client.close();
    await sim.close();
  });
  return {
    sim,
    client: () => {
      const client = new KeyManagementServiceClient(sim.gcp.clientOptions());
      clients.push(client);
      return client;
    },
  };
}

/** Call options without the SDK's retries, so that each call is one request. */
export const ONCE = { retry: null } as const;
