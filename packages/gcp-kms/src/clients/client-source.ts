import type { KeyManagementServiceClient } from '@google-cloud/kms';
import type { GcpKmsClient, GcpKmsClientOptions } from './kms-client.js';

/** The client of a keyring, made when it is first needed. */
export interface ClientSource {
  /** A client that has found its credentials. Rejects with what the SDK throws. */
  get(): Promise<GcpKmsClient>;
  /** Frees the sockets of a client that was made here. One of the caller is the caller's. */
  close(): Promise<void>;
}

export function clientSource({ client, clientOptions }: { readonly client?: GcpKmsClient; readonly clientOptions?: GcpKmsClientOptions }): ClientSource {
  if (client !== undefined) {
    return {
      get: async () => await initialize(client),
      close: async () => {
        await Promise.resolve();
      },
    };
  }
  let own: Promise<KeyManagementServiceClient> | undefined;
  return {
    async get() {
      const made = (own ??= makeClient(clientOptions));
      try {
        return await made;
      } catch (error) {
        // A client stays as broken as it is when its credentials cannot be had, also once they can.
        if (own === made) own = undefined;
        throw error;
      }
    },
    async close() {
      const closing = own;
      own = undefined;
      await closing?.then(
        async (made) => {
          await made.close();
        },
        () => undefined,
      );
    },
  };
}

/** Costs nothing but at the first call. */
async function initialize<Client extends GcpKmsClient>(client: Client): Promise<Client> {
  await client.initialize?.();
  return client;
}

/** The SDK is loaded here and nowhere else: who passes a client, or wraps offline, has no need to wait for it. */
async function makeClient(options: GcpKmsClientOptions | undefined): Promise<KeyManagementServiceClient> {
  const { KeyManagementServiceClient } = await import('@google-cloud/kms');
  return await initialize(new KeyManagementServiceClient(options));
}
