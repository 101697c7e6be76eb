// From the packed package: writers need no request, and not even the SDK; the recovery has both.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { decrypt, encrypt, inspect } from '@keyfold/core';
import { gcpKmsKeyring, gcpKmsOfflineKeyring } from '@keyfold/gcp-kms';
import { startSimulators } from '@keyfold/kms-simulators';

const sim = await startSimulators();
const { name, version } = await sim.gcp.createKey({ location: 'europe-west1', algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('@google-cloud'));
assert.deepEqual(loaded, [], 'The SDK is loaded when a client is made, not before.');

const { KeyManagementServiceClient } = await import('@google-cloud/kms');
const kms = new KeyManagementServiceClient(sim.gcp.clientOptions());
const [{ pem }] = await kms.getPublicKey({ name: version });
const offline = gcpKmsOfflineKeyring({ key: version, publicKey: pem ?? '' });
const context = { tenant: 'acme' };
const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring: offline, context });
assert.equal(inspect(envelope).wrappedKeys[0]?.keyId, name);

const recovery = gcpKmsKeyring({ key: version, clientOptions: sim.gcp.clientOptions() });
assert.equal(new TextDecoder().decode(await decrypt(envelope, { keyring: recovery, context })), 'hello');
const [row] = await recovery.check({ signal: AbortSignal.timeout(60_000) });
assert.deepEqual(row?.permitted, { wrap: 'yes', unwrap: 'yes', generate: 'no' });

await kms.close();
await recovery.close();
await sim.close();
