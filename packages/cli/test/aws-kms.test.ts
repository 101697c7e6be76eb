import { startSimulators } from '@keyfold/kms-simulators';
import type { Simulators } from '@keyfold/kms-simulators';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeKey, randomFile, read } from './support/files.js';
import { at, keyfold } from './support/keyfold.js';

let sim: Simulators;
let arn = '';
let endpoint = '';
beforeEach(async () => {
  sim = await startSimulators();
  ({ arn } = await sim.aws.createKey({ region: 'eu-west-1', alias: 'alias/app' }));
  ({ endpoint } = sim.aws.clientConfig('eu-west-1'));
});
afterEach(async () => {
  await sim.close();
});

const env = (): Record<string, string> => ({
  AWS_ENDPOINT_URL_KMS: endpoint,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'simulator',
  AWS_SECRET_ACCESS_KEY: 'simulator',
});

test('an alias and an ARN are keys; envelopes move to them from a key file', async () => {
  const local = await makeKey('app');
  const plain = randomFile('plain', 5000);
  await keyfold(['encrypt', '-k', local, 'plain', '-o', 'e']);
  const rewrapped = await keyfold(['rewrap', '-k', local, '-w', 'aws-kms:alias/app', '--remove', 'local-raw:app', 'e'], { env: env() });
  expect(rewrapped.code).toBe(0);
  expect((await keyfold(['decrypt', '-k', `aws-kms:${arn}`, 'e', '-o', '-'], { env: env() })).stdout).toEqual(plain);
  expect((await keyfold(['keys', 'e'])).stdout.toString()).toContain(`aws-kms:${arn}`);
});

test('a configuration names Region and endpoint', async () => {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = env();
  const config = { defaultKeyring: 'app', keyrings: { app: { provider: 'aws-kms', key: 'alias/app', region: 'eu-west-1', endpoint } } };
  writeFileSync(at('keyfold.config.json'), JSON.stringify(config));
  const plain = randomFile('plain', 5000);
  const options = { env: { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } };
  expect((await keyfold(['encrypt', 'plain'], options)).code).toBe(0);
  expect((await keyfold(['decrypt', 'plain.keyfold', '-o', 'copy'], options)).code).toBe(0);
  expect(read('copy')).toEqual(plain);
});

test('check tells of a key that works, one that does not, and a service that is gone', async () => {
  const fine = await keyfold(['check', '-k', `aws-kms:${arn}`, '--json'], { env: env() });
  expect(fine.code).toBe(0);
  expect(JSON.parse(fine.stdout.toString())).toMatchObject({
    ok: true,
    keys: [{ keyId: arn, reachable: true, state: 'enabled', permitted: { wrap: 'yes', unwrap: 'yes', generate: 'yes' } }],
  });
  const missing = await keyfold(['check', '-k', 'aws-kms:alias/typo'], { env: env() });
  expect(missing.code).toBe(8);
  expect(missing.stdout.toString()).toMatch(/problem +yes +not-found/);
  sim.faults.regionDown('eu-west-1');
  const down = await keyfold(['check', '-k', `aws-kms:${arn}`], { env: env() });
  expect(down.code).toBe(8);
  expect(down.stdout.toString()).toMatch(/problem +no +unknown/);
});
