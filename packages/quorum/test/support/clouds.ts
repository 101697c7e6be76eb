import { KeyManagementServiceClient } from '@google-cloud/kms';
import { KMSClient } from '@aws-sdk/client-kms';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import type { Keyring } from '@keyfold/core';
import { gcpKmsKeyring } from '@keyfold/gcp-kms';
import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators } from '@keyfold/kms-simulators';
import { afterAll } from 'vitest';

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** A key in a simulated cloud, and the real SDK's client over real sockets behind its keyring. */
export interface CloudKey {
  readonly name: string;
  readonly keyring: Keyring;
  /** Which requests a fault must hit to be this key's, of the operation that unwraps or wraps. */
  readonly target: { readonly provider: 'aws-kms' | 'gcp-kms'; readonly region: string };
}

/** Longer in ms than any test lasts: nothing waits for a deadline of a keyring's own. */
const AMPLE = 3_600_000;

/** Two Regions of AWS and one location of Google Cloud; everything is closed after the file's last test. */
export async function threeClouds(): Promise<{ readonly sim: Simulators; readonly keys: readonly [CloudKey, CloudKey, CloudKey] }> {
  const sim = await startSimulators();
  const google = new KeyManagementServiceClient(sim.gcp.clientOptions());
  const aws: KMSClient[] = [];
  afterAll(async () => {
    for (const client of aws) client.destroy();
    await google.close();
    await sim.close();
  });
  const inAws = async (region: string): Promise<CloudKey> => {
    const { arn } = await sim.aws.createKey({ region });
    const client = new KMSClient({ maxAttempts: 1, ...sim.aws.clientConfig(region) });
    aws.push(client);
    return { name: arn, keyring: awsKmsKeyring({ key: arn, client, timeoutMs: AMPLE }), target: { provider: 'aws-kms', region } };
  };
  const { name } = await sim.gcp.createKey({ location: 'europe-west3' });
  const keyring = gcpKmsKeyring({ key: name, client: google, timeoutMs: 600_000, maxAttempts: 1 });
  const inGoogle: CloudKey = { name, keyring, target: { provider: 'gcp-kms', region: 'europe-west3' } };
  return { sim, keys: [await inAws('eu-central-1'), await inAws('us-east-1'), inGoogle] };
}
