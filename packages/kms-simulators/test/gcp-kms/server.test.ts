import { connect } from 'node:http2';
import { once } from 'node:events';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { credentials } from '@grpc/grpc-js';
import { startSimulators } from '@keyfold/kms-simulators';
import { expect, it } from 'vitest';
import { gcpSimulated, HOME } from './support/gcp-simulated.js';
import { bytes } from '../support/values.js';

const { sim } = await gcpSimulated();

it('a client needs no more than host, port and credentials without TLS', async () => {
  const { name } = await sim.gcp.createKey({ location: HOME });
  const kms = new KeyManagementServiceClient({
    apiEndpoint: '127.0.0.1',
    port: sim.gcp.port,
    sslCreds: credentials.createInsecure(),
    projectId: 'simulator',
    universeDomain: 'googleapis.com',
  });
  expect((await kms.encrypt({ name, plaintext: bytes(8) }))[0].name).toBe(`${name}/cryptoKeyVersions/1`);
  await kms.close();
});

/** What a client without a gRPC library is answered. */
async function raw(path: string, body: Uint8Array): Promise<Record<string, unknown>> {
  const session = connect(sim.gcp.endpoint);
  const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
  stream.end(body);
  const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
  stream.resume();
  await once(stream, 'close');
  session.destroy();
  return headers;
}

const ENCRYPT = '/google.cloud.kms.v1.KeyManagementService/Encrypt';

it.each([
  ['no frame', new Uint8Array(3)],
  ['a compressed frame', Uint8Array.of(1, 0, 0, 0, 0)],
  ['a length that is not that of the message', Uint8Array.of(0, 0, 0, 0, 9, 1)],
  ['a message that is none', Uint8Array.of(0, 0, 0, 0, 1, 0xff)],
  ['a message that is too long', new Uint8Array(2 * 1024 * 1024)],
])('%s is answered with an error', async (_what, body) => {
  expect(await raw(ENCRYPT, body)).toMatchObject({ ':status': 200, 'grpc-status': '13' });
});

it.each(['/', '/google.cloud.kms.v1.KeyManagementService/MacSign', '/google.cloud.kms.v1.Autokey/Encrypt'])(
  'the method %s is said not to be there',
  async (path) => {
    expect(await raw(path, new Uint8Array(5))).toMatchObject({ 'grpc-status': '12' });
  },
);

it('closing ends calls that wait, and frees the port', async () => {
  const one = await startSimulators();
  const { name } = await one.gcp.createKey();
  const kms = new KeyManagementServiceClient(one.gcp.clientOptions());
  one.faults.inject({ kind: 'hang' });
  const call = kms.encrypt({ name, plaintext: bytes(8) }, { retry: null }).catch((error: unknown) => error);
  await expect.poll(() => one.requests.count()).toBe(1);
  await one.close();
  expect(await call).toMatchObject({ code: 14 });
  await kms.close();
  await using again = await startSimulators({ gcp: { port: one.gcp.port } });
  expect(again.gcp.port).toBe(one.gcp.port);
});

it('options that make no sense are refused', async () => {
  await expect(startSimulators({ gcp: { project: 'X' } })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(startSimulators({ gcp: { port: sim.gcp.port } })).rejects.toMatchObject({ code: 'port-in-use' });
});
