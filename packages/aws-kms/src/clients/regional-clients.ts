import { KMSClient } from '@aws-sdk/client-kms';
import type { Region } from '../names/configured-key.js';
import type { AwsKmsClient, AwsKmsClientConfig } from './kms-client.js';

/** One client for each Region, made when it is first needed. */
export interface RegionalClients {
  of(region: Region): AwsKmsClient;
  /** Frees the sockets of the clients that were made here. Those of the caller are the caller's. */
  close(): void;
}

/** Where clients come from: the caller has them, has a way to get them, or leaves them to the SDK. */
export interface ClientSource {
  readonly client?: AwsKmsClient | ((region: string) => AwsKmsClient);
  readonly clientConfig?: AwsKmsClientConfig;
}

export function regionalClients({ client, clientConfig }: ClientSource): RegionalClients {
  const clients = new Map<Region, AwsKmsClient>();
  const own = new Map<Region, KMSClient>();
  const make = (region: Region): AwsKmsClient => {
    // What needs several Regions, or none, is settled where the options are read.
    if (typeof client === 'function') return client(region ?? '');
    if (client !== undefined) return client;
    const made = new KMSClient({ ...clientConfig, ...(region === undefined ? {} : { region }) });
    own.set(region, made);
    return made;
  };
  return {
    of(region) {
      let found = clients.get(region);
      if (found === undefined) clients.set(region, (found = make(region)));
      return found;
    },
    close() {
      for (const [region, made] of own) {
        made.destroy();
        clients.delete(region);
      }
      own.clear();
    },
  };
}
