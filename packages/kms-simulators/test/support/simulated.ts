import { KMSClient, type KMSClientConfig } from '@aws-sdk/client-kms';
import { afterAll } from 'vitest';
import { startSimulators, type Simulators, type SimulatorsOptions } from '@keyfold/kms-simulators';

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A Region and another one. */
export const HOME = 'eu-west-1';
export const AWAY = 'us-east-1';

/** Simulators and clients of one test file, closed after its last test. */
export interface Simulated {
  readonly sim: Simulators;
  /** An unmodified SDK client without retries, so that each call is one request. */
  readonly client: (region?: string, account?: string, config?: KMSClientConfig) => KMSClient;
}

export async function simulated(options: SimulatorsOptions = {}): Promise<Simulated> {
  const sim = await startSimulators(options);
  const clients: KMSClient[] = [];
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await sim.close();
  });
  return {
    sim,
    client: (region = HOME, account = sim.aws.account, config = {}) => {
      const client = new KMSClient({ maxAttempts: 1, ...sim.aws.clientConfig(region, account), ...config });
      clients.push(client);
      return client;
    },
  };
}
