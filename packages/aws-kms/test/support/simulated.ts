import { KMSClient } from '@aws-sdk/client-kms';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import type { AwsKmsKeyring, AwsKmsKeyringOptions } from '@keyfold/aws-kms';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators, SimulatorsOptions } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A Region, another one, and one where nothing is. */
export const HOME = 'eu-west-1';
export const AWAY = 'us-east-1';
export const NOWHERE = 'ap-south-1';

/** Deadline in ms that nothing in a test waits for: longer than a test may last. */
export const AMPLE = 3_600_000;

/** A simulated AWS KMS, and real SDK clients that reach it over sockets. */
export interface Simulated {
  readonly sim: Simulators;
  /** A keyring that makes its own clients, without retries, so that each call is one request. */
  readonly keyring: (options: AwsKmsKeyringOptions) => AwsKmsKeyring;
  readonly client: (region?: string, config?: KMSClientConfig) => KMSClient;
}

/** Starts a simulator for one test file; everything is closed after its last test. */
export async function simulated(options: SimulatorsOptions = {}): Promise<Simulated> {
  const sim = await startSimulators(options);
  const open: { close(): void }[] = [];
  afterAll(async () => {
    for (const one of open) one.close();
    await sim.close();
  });
  return {
    sim,
    keyring: (given) => {
      const { endpoint, credentials } = sim.aws.clientConfig(HOME);
      const defaults = given.client === undefined ? { clientConfig: { endpoint, credentials, maxAttempts: 1 } } : {};
      const keyring = awsKmsKeyring({ timeoutMs: AMPLE, ...defaults, ...given });
      open.push(keyring);
      return keyring;
    },
    client: (region = HOME, config = {}) => {
      const client = new KMSClient({ maxAttempts: 1, ...sim.aws.clientConfig(region), ...config });
      open.push({ close: client.destroy.bind(client) });
      return client;
    },
  };
}
