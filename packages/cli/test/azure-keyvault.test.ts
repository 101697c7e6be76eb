import { KeyClient } from '@azure/keyvault-keys';
import { createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeKey, randomFile, read } from './support/files.js';
import { at, keyfold } from './support/keyfold.js';
import type { Finished } from './support/keyfold.js';
import { azureSettings, simulated, writeConfig } from './support/simulated.js';

const { sim } = simulated();

async function run(...args: string[]): Promise<Finished> {
  return await keyfold(args, { env: sim().azure.environment() });
}

test('a configuration names a key of a host that it trusts; envelopes move to it from a key file', async () => {
  const { id, vaultUrl } = await sim().azure.createKey({ name: 'app' });
  writeConfig({ defaultKeyring: 'app', keyrings: { app: azureSettings(sim(), `${vaultUrl}/keys/app`) } });
  const local = await makeKey('app');
  const plain = randomFile('plain', 5000);
  await run('encrypt', '-k', local, 'plain', '-o', 'e');
  const rewrapped = await run('rewrap', '-k', local, '-w', 'app', '--remove', 'local-raw:app', 'e');
  expect(rewrapped.stderr).toBe('');
  expect(rewrapped.code).toBe(0);
  expect((await run('decrypt', 'e', '-o', 'copy')).code).toBe(0);
  expect(read('copy')).toEqual(plain);
  const version = id.slice(id.lastIndexOf('/') + 1);
  expect((await run('keys', 'e')).stdout.toString()).toContain(`azure-keyvault:${vaultUrl}/keys/app@${version}`);
});

test('check tells of a key that works, and of one that is not there', async () => {
  const { vaultUrl } = await sim().azure.createKey({ name: 'app' });
  writeConfig({ keyrings: { app: azureSettings(sim(), `${vaultUrl}/keys/app`), typo: azureSettings(sim(), `${vaultUrl}/keys/typo`) } });
  const fine = await run('check', '-k', 'app', '--json');
  expect(JSON.parse(fine.stdout.toString())).toMatchObject({
    ok: true,
    keys: [{ keyId: `${vaultUrl}/keys/app`, reachable: true, state: 'enabled', permitted: { wrap: 'yes', unwrap: 'yes' } }],
  });
  expect(fine.code).toBe(0);
  const missing = await run('check', '-k', 'typo');
  expect(missing.stdout.toString()).toMatch(/problem +yes +not-found/);
  expect(missing.code).toBe(8);
});

test('the public half in a file writes without any request', async () => {
  const { id, vaultUrl } = await sim().azure.createKey({ name: 'safe' });
  const { key } = await new KeyClient(vaultUrl, sim().azure.credential, sim().azure.clientOptions()).getKey('safe');
  const jwk = { kty: 'RSA', n: base64url(key?.n), e: base64url(key?.e) };
  writeFileSync(at('public.pem'), createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }));
  sim().requests.reset();
  const { trustedHosts } = azureSettings(sim(), id);
  writeConfig({
    keyrings: { writer: { provider: 'azure-keyvault', key: id, publicKeyFile: 'public.pem', trustedHosts }, recovery: azureSettings(sim(), id) },
  });
  const plain = randomFile('plain', 100);
  expect((await run('encrypt', '-k', 'writer', 'plain')).code).toBe(0);
  expect(sim().requests.count()).toBe(0);
  expect((await run('decrypt', '-k', 'recovery', 'plain.keyfold', '-o', 'copy')).code).toBe(0);
  expect(read('copy')).toEqual(plain);
});

test('no host outside of Azure is called unless a configuration trusts it', async () => {
  const { vaultUrl } = await sim().azure.createKey({ name: 'app' });
  sim().requests.reset();
  randomFile('plain', 10);
  for (const [key, expected] of [
    [`azure-keyvault:${vaultUrl}/keys/app`, 'not a vault or Managed HSM of Azure'],
    ['azure-keyvault:', '--key: name the key: azure-keyvault:https://'],
    ['azure-keyvault:app', '--key: key: pass https://<vault>'],
  ] as const) {
    const { code, stderr } = await run('encrypt', '-k', key, 'plain');
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  }
  expect(sim().requests.count()).toBe(0);
});

function base64url(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64url');
}
