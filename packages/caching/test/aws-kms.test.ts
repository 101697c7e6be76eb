/** Around AWS KMS, by the real SDK over sockets: what it is sent, and what a permission that is taken away does. */
import { decrypt, encrypt } from '@keyfold/core';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import { startSimulators } from '@keyfold/kms-simulators';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { cachingKeyring } from '../src/index.js';

// The SDK warns once in every process that a later release will need Node 22.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const region = 'eu-west-1';
const sim = await startSimulators();
const { arn: key } = await sim.aws.createKey({ region });
const inner = awsKmsKeyring({ key, clientConfig: { ...sim.aws.clientConfig(region), maxAttempts: 1 } });
const plaintext = new TextEncoder().encode('the only copy');

afterAll(async () => {
  inner.close();
  await sim.close();
});
beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

it('100 messages of each of two contexts, written and read at once, cost two requests each way', async () => {
  const keyring = cachingKeyring({ keyring: inner });
  const contexts = [{ tenant: 'acme' }, { tenant: 'umbrella' }];
  await Promise.all(
    contexts.map(async (context) => {
      const write = async (): Promise<Uint8Array<ArrayBuffer>> => await encrypt(plaintext, { keyring, context });
      const envelopes = await Promise.all(Array.from({ length: 100 }, write));
      const read = async (envelope: Uint8Array): Promise<void> => {
        expect(await decrypt(envelope, { keyring, context })).toEqual(plaintext);
      };
      await Promise.all(envelopes.map(read));
      // What it wrote needs no cache to be read.
      expect(await decrypt(envelopes[99] as Uint8Array, { keyring: inner, context })).toEqual(plaintext);
    }),
  );
  expect(sim.requests.count({ operation: 'GenerateDataKey' })).toBe(2);
  // Two by the cache, and two without it.
  expect(sim.requests.count({ operation: 'Decrypt' })).toBe(4);
  expect(sim.requests.count()).toBe(6);
});

it('a permission that is taken away is felt by what is not remembered, and after clear by everything', async () => {
  const keyring = cachingKeyring({ keyring: inner });
  const [known, other] = [await encrypt(plaintext, { keyring: inner }), await encrypt(plaintext, { keyring: inner })];
  await decrypt(known, { keyring });
  sim.faults.inject({ kind: 'access-denied', operation: 'Decrypt' });
  expect(await decrypt(known, { keyring })).toEqual(plaintext);
  const { details } = await failure(decrypt(other, { keyring }), 'unwrap-failed');
  expect(details.attempts).toMatchObject([{ reason: 'access-denied', keyId: key }]);
  keyring.clear();
  await failure(decrypt(known, { keyring }), 'unwrap-failed');
});
