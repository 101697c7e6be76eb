import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CryptographyClient } from '@azure/keyvault-keys';
import { startSimulators, type Simulators } from '@keyfold/kms-simulators';
import { afterAll, expect, it, vi } from 'vitest';
import { bytes } from '../support/values.js';

const folder = await mkdtemp(join(tmpdir(), 'keyfold-azure-state-'));
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function cryptography({ azure }: Simulators, id: string): CryptographyClient {
  return new CryptographyClient(id, azure.credential, azure.clientOptions());
}

it('vaults, ports, keys, versions and states outlive the process', async () => {
  const state = join(folder, 'kms.json');
  const value = Buffer.from(bytes(32));
  const first = await startSimulators({ state });
  const { id, keyId } = await first.azure.createKey({ name: 'app' });
  const { result } = await cryptography(first, id).wrapKey('RSA-OAEP-256', value);
  await first.azure.rotateKey(keyId);
  const hsm = await first.azure.createKey({ vault: 'hsm', name: 'app', kty: 'oct-HSM' });
  const sealed = await cryptography(first, hsm.id).wrapKey('A256KW', value);
  await first.azure.setEnabled(hsm.id, false);
  const found = first.azure.findKey(id);
  const { ca } = first.azure;
  await first.close();

  await using second = await startSimulators({ state });
  expect(second.azure.ca).toBe(ca);
  expect(second.azure.vaultUrls).toEqual({ keyfold: second.azure.vaultUrl(), hsm: hsm.vaultUrl });
  expect(second.azure.findKey(id)).toEqual(found);
  expect(second.azure.findKey(hsm.id)?.versions).toEqual({ [hsm.version]: { enabled: false } });
  expect((await cryptography(second, id).unwrapKey('RSA-OAEP-256', result)).result).toEqual(value);
  await second.azure.setEnabled(hsm.id, true);
  expect((await cryptography(second, hsm.id).unwrapKey('A256KW', sealed.result)).result).toEqual(value);
});

it('a certificate that ends soon is replaced', async () => {
  const state = join(folder, 'certificate.json');
  const first = await startSimulators({ state });
  const { ca } = first.azure;
  await first.close();
  vi.useFakeTimers({ now: Date.now() + 340 * 86_400_000, toFake: ['Date'] });
  await using second = await startSimulators({ state });
  vi.useRealTimers();
  expect(second.azure.ca).not.toBe(ca);
});

it('a port that is taken meanwhile is refused, because ids hold it', async () => {
  const state = join(folder, 'port.json');
  const first = await startSimulators({ state });
  const { port } = new URL(first.azure.vaultUrl());
  // Vaults without keys have no ids that hold their port.
  await first.azure.createVault({ name: 'empty', purgeProtection: true, kind: 'managed-hsm' });
  const empty = Number(new URL(first.azure.vaultUrl('empty')).port);
  await first.azure.createKey();
  await first.close();
  const occupied = await startSimulators({ azure: { port: empty } });
  const second = await startSimulators({ state });
  expect(second.azure.vaultUrl()).toBe(first.azure.vaultUrl());
  expect(second.azure.vaultUrl('empty')).not.toBe(occupied.azure.vaultUrl());
  await second.close();
  await occupied.close();
  const taking = createServer().listen(Number(port), '127.0.0.1');
  await once(taking, 'listening');
  await expect(startSimulators({ state })).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining('the ids of the keys in vault keyfold hold it') as string,
  });
  taking.close();
});

it('AES keys wrap as RFC 3394 says', async () => {
  // The only way to give the simulator a key is the state file. Section 4.6: 256 bits of key data with a 256-bit KEK.
  const state = join(folder, 'rfc3394.json');
  const first = await startSimulators({ state });
  const { id } = await first.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
  await first.close();
  const kek = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');
  await writeFile(state, (await readFile(state, 'utf8')).replace(/"key": "[^"]{44}"/, `"key": "${kek}"`));
  await using second = await startSimulators({ state });
  const data = Buffer.from('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f', 'hex');
  const { result } = await cryptography(second, id).wrapKey('A256KW', data);
  expect(Buffer.from(result).toString('hex')).toBe('28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21');
});

it('a damaged section is refused and left alone', async () => {
  const state = join(folder, 'damaged.json');
  const sections = [
    '{"vaults":7}',
    '{"vaults":[],"certificate":{"cert":"x","key":"x"}}',
    '{"vaults":[{"name":"a","port":0,"keys":[{"name":"k","versions":[{"privateKey":"x"}]}]}]}',
  ];
  for (const section of sections) {
    const content = `{"format":"keyfold-kms-simulators-state","version":1,"azure-keyvault":${section}}`;
    await writeFile(state, content);
    await expect(startSimulators({ state })).rejects.toMatchObject({ code: 'state-unreadable' });
    expect(await readFile(state, 'utf8')).toBe(content);
  }
});
