/** `npm run test:cloud`, which makes keyrings as the command does, against clouds on this machine. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { at, environment, finished, folder } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';
import { simulated } from './support/simulated.js';

const RUNNER = fileURLToPath(new URL('../../dev/cloud/cloud.mjs', import.meta.url));
const { sim } = simulated();

async function run(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Finished> {
  return await finished(spawn(process.execPath, [RUNNER, ...args], { cwd: folder(), env: environment(env) }));
}

/** What reaches the simulators, as it would the clouds, and two new keys in each. */
async function everything(): Promise<Readonly<Record<string, string>>> {
  const aws = [await sim().aws.createKey({ region: 'eu-west-1' }), await sim().aws.createKey({ region: 'eu-west-1' })];
  const gcp = [await sim().gcp.createKey({ key: 'a' }), await sim().gcp.createKey({ key: 'b' })];
  const azure = [await sim().azure.createKey({ name: 'a' }), await sim().azure.createKey({ name: 'b' })];
  writeFileSync(at('ca.pem'), sim().azure.ca);
  return {
    ...sim().aws.environment('eu-west-1'),
    ...sim().azure.environment(at('ca.pem')),
    KEYFOLD_AWS_KMS_KEYS: aws.map(({ arn }) => arn).join(),
    KEYFOLD_GCP_KMS_KEYS: gcp.map(({ name }) => name).join(', '),
    KEYFOLD_GCP_KMS_ENDPOINT: `http://127.0.0.1:${sim().gcp.port}`,
    KEYFOLD_AZURE_KEYVAULT_KEYS: azure.map(({ keyId }) => keyId).join(),
    KEYFOLD_AZURE_KEYVAULT_TRUSTED_HOSTS: new URL(sim().azure.endpoint).host,
  };
}

test('runs the suite on the keys of every cloud', async () => {
  const { code, stdout, stderr } = await run(await everything(), '--require-all');
  expect(stderr).toBe('');
  expect(stdout.toString()).toMatch(/\nAWS KMS: passed\.\nGoogle Cloud KMS: passed\.\nAzure Key Vault: passed\.\n$/);
  expect(code).toBe(0);
  for (const operation of ['GenerateDataKey', 'Encrypt', 'Decrypt', 'WrapKey', 'UnwrapKey']) {
    expect(sim().requests.count({ operation, outcome: 'ok' })).toBeGreaterThan(5);
  }
});

test('fails where a key does not do what it has to, and says which cloud was not run and why', async () => {
  const { KEYFOLD_AWS_KMS_KEYS: _aws, KEYFOLD_AZURE_KEYVAULT_KEYS: _azure, ...env } = await everything();
  sim().faults.inject({ kind: 'access-denied', operation: 'Decrypt' });
  const { code, stdout } = await run(env);
  expect(stdout.toString()).toContain(
    '\nAWS KMS: not run, because KEYFOLD_AWS_KMS_KEYS is not set.\nGoogle Cloud KMS: FAILED.\n' +
      'Azure Key Vault: not run, because KEYFOLD_AZURE_KEYVAULT_KEYS is not set.\n',
  );
  expect(code).toBe(1);
});

test.each([
  [{}, [], 'Nothing was run: name two keys of at least one cloud in KEYFOLD_AWS_KMS_KEYS, KEYFOLD_GCP_KMS_KEYS, KEYFOLD_AZURE_KEYVAULT_KEYS'],
  [{ KEYFOLD_AWS_KMS_KEYS: 'alias/app,alias/other' }, [], 'KEYFOLD_AWS_KMS_KEYS has to name two different keys'],
  [{ KEYFOLD_AZURE_KEYVAULT_KEYS: 'https://acme.vault.azure.net/keys/a' }, [], 'KEYFOLD_AZURE_KEYVAULT_KEYS has to name two'],
  [
    { KEYFOLD_AZURE_KEYVAULT_KEYS: 'https://acme.vault.azure.net/keys/a,https://acme.vault.azure.net/keys/b' },
    ['--require-all'],
    'and KEYFOLD_AWS_KMS_KEYS and KEYFOLD_GCP_KMS_KEYS are not set.',
  ],
  [{}, ['--require-al'], 'There is no option --require-al'],
])('%j %j: one sentence says what to do', async (env, args, expected) => {
  const { code, stderr } = await run(env, ...args);
  expect(stderr).toContain(expected);
  expect(stderr.split('\n')).toHaveLength(2);
  expect(code).toBe(2);
});
