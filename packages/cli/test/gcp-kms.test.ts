import { KeyManagementServiceClient } from '@google-cloud/kms';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gcpKms } from '../src/keyrings/gcp-kms.js';
import { makeKey, randomFile, read } from './support/files.js';
import { at, keyfold } from './support/keyfold.js';
import { gcpSettings, simulated, writeConfig } from './support/simulated.js';

const { sim } = simulated();

test('a configuration names key and endpoint; envelopes move to them from a key file', async () => {
  const { name } = await sim().gcp.createKey({ location: 'europe-west1', key: 'app' });
  writeConfig({ defaultKeyring: 'app', keyrings: { app: gcpSettings(sim(), name) } });
  const local = await makeKey('app');
  const plain = randomFile('plain', 5000);
  await keyfold(['encrypt', '-k', local, 'plain', '-o', 'e']);
  const rewrapped = await keyfold(['rewrap', '-k', local, '-w', 'app', '--remove', 'local-raw:app', 'e']);
  expect(rewrapped.stderr).toBe('');
  expect(rewrapped.code).toBe(0);
  expect((await keyfold(['decrypt', 'e', '-o', 'copy'])).code).toBe(0);
  expect(read('copy')).toEqual(plain);
  expect((await keyfold(['keys', 'e'])).stdout.toString()).toContain(`gcp-kms:${name}`);
});

test('the public half in a file writes without any request, and says what it cannot do', async () => {
  const { version } = await sim().gcp.createKey({ algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
  const client = new KeyManagementServiceClient(sim().gcp.clientOptions());
  const [{ pem }] = await client.getPublicKey({ name: version });
  await client.close();
  sim().requests.reset();
  writeFileSync(at('public.pem'), pem ?? '');
  writeConfig({ keyrings: { writer: { provider: 'gcp-kms', key: version, publicKeyFile: 'public.pem' }, recovery: gcpSettings(sim(), version) } });
  const plain = randomFile('plain', 100);
  expect((await keyfold(['encrypt', '-k', 'writer', 'plain'])).code).toBe(0);
  expect(sim().requests.count()).toBe(0);
  const refused = await keyfold(['decrypt', '-k', 'writer', 'plain.keyfold', '-o', 'copy']);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toContain('this keyring has the public key alone');
  expect((await keyfold(['decrypt', '-k', 'recovery', 'plain.keyfold', '-o', 'copy'])).code).toBe(0);
  expect(read('copy')).toEqual(plain);
});

test('alsoUnwrap opens what the key before wrote', async () => {
  const before = await sim().gcp.createKey({ key: 'before' });
  const now = await sim().gcp.createKey({ key: 'now' });
  writeConfig({ keyrings: { before: gcpSettings(sim(), before.name), now: { ...gcpSettings(sim(), now.name), alsoUnwrap: [before.name] } } });
  randomFile('plain', 100);
  await keyfold(['encrypt', '-k', 'before', 'plain']);
  expect((await keyfold(['decrypt', '-k', 'now', 'plain.keyfold', '-o', 'copy'])).code).toBe(0);
});

test('check tells of a key that works, one that is not there, and a service that is gone', async () => {
  const { name } = await sim().gcp.createKey({ location: 'europe-west1', key: 'app' });
  writeConfig({ keyrings: { app: gcpSettings(sim(), name), typo: gcpSettings(sim(), name.replace(/app$/, 'typo')) } });
  const fine = await keyfold(['check', '-k', 'app', '--json']);
  expect(fine.code).toBe(0);
  expect(JSON.parse(fine.stdout.toString())).toMatchObject({
    ok: true,
    keys: [{ keyId: name, keyVersion: '1', reachable: true, state: 'enabled', permitted: { wrap: 'yes', unwrap: 'yes' } }],
  });
  const missing = await keyfold(['check', '-k', 'typo']);
  expect(missing.code).toBe(8);
  expect(missing.stdout.toString()).toMatch(/problem +yes +not-found/);
  sim().faults.regionDown('europe-west1');
  const down = await keyfold(['check', '-k', 'app']);
  expect(down.code).toBe(8);
  expect(down.stdout.toString()).toMatch(/problem +no +unknown/);
});

describe('an endpoint', () => {
  const key = 'projects/acme/locations/europe-west3/keyRings/app/cryptoKeys/data';
  const from = async (settings: object): Promise<unknown> => await gcpKms.fromSettings({ key, ...settings }, { argument: 'app', folder: '/' });

  test.each([
    ['http://kms.example:8591', 'without TLS only a simulator'],
    ['http://127.0.0.1.evil.example:8591', 'without TLS only'],
    ['http://localhost', 'without TLS only'],
    ['grpc://127.0.0.1:8591', 'without TLS only'],
    ['cloudkms.googleapis.com/v1', 'give a host with or without a port'],
    ['user@cloudkms.googleapis.com', 'give a host with or without a port'],
    ['https://', 'give a host with or without a port'],
  ])('%j is refused', async (endpoint, expected) => {
    await expect(from({ endpoint })).rejects.toThrow(`app.endpoint: ${expected}`);
  });

  test.each(['cloudkms.europe-west3.rep.googleapis.com', 'cloudkms.googleapis.com:443', 'https://kms.internal:8443/', 'http://[::1]:8591'])(
    '%j is taken',
    async (endpoint) => {
      await expect(from({ endpoint })).resolves.toMatchObject({ domain: { provider: 'gcp-kms', account: 'acme' } });
    },
  );
});

test('what is no name of a key is told in the words of the command line', async () => {
  randomFile('plain', 10);
  for (const [key, expected] of [
    ['gcp-kms:', '--key: name the key: gcp-kms:projects/'],
    ['gcp-kms:alias/app', '--key: key: pass projects/…/locations/'],
  ] as const) {
    const { code, stderr } = await keyfold(['encrypt', '-k', key, 'plain']);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  }
});
