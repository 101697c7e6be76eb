import { createRequire } from 'node:module';
import type * as Grpc from '@grpc/grpc-js';
import { LOOPBACK } from '../shared/net/loopback-server.js';

/**
 * What a `KeyManagementServiceClient` of `@google-cloud/kms` needs to reach the simulator. No interface:
 * the SDK's own type has an index signature, which an interface would not fit.
 */
export type GcpClientOptions = {
  readonly apiEndpoint: string;
  readonly port: number;
  readonly projectId: string;
  /** Keeps the SDK from asking the network which one its credentials are of. */
  readonly universeDomain: 'googleapis.com';
  /** No TLS, no credentials. */
  readonly sslCreds: Grpc.ChannelCredentials;
  /** The library that `sslCreds` is of, because it takes none of another copy of itself. */
  readonly grpc: typeof Grpc;
};

const require = createRequire(import.meta.url);

export function clientOptions(port: number, projectId: string): GcpClientOptions {
  // Only who asks for a client needs it: the simulator itself speaks gRPC without.
  const grpc = require('@grpc/grpc-js') as typeof Grpc;
  return {
    apiEndpoint: LOOPBACK,
    port,
    projectId,
    universeDomain: 'googleapis.com',
    sslCreds: grpc.credentials.createInsecure(),
    grpc,
  };
}
