import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { startSimulators } from '@keyfold/kms-simulators';
import { afterAll, expect, it } from 'vitest';
import { bytes } from '../support/values.js';
import { HOME } from './support/gcp-simulated.js';

const folder = await mkdtemp(join(tmpdir(), 'keyfold-gcp-state-'));
afterAll(async () => {
  await rm(folder, { recursive: true });
});

it('keys, versions and states outlive the process', async () => {
  const state = join(folder, 'kms.json');
  const plaintext = Buffer.from(bytes(32));
  const first = await startSimulators({ state });
  const { name } = await first.gcp.createKey({ location: HOME });
  const rsa = await first.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
  const kms = new KeyManagementServiceClient(first.gcp.clientOptions());
  const [{ ciphertext }] = await kms.encrypt({ name, plaintext });
  const [{ pem }] = await kms.getPublicKey({ name: rsa.version });
  await kms.createCryptoKeyVersion({ parent: name });
  await kms.updateCryptoKeyPrimaryVersion({ name, cryptoKeyVersionId: '2' });
  await kms.createCryptoKeyVersion({ parent: name });
  await kms.destroyCryptoKeyVersion({ name: `${name}/cryptoKeyVersions/3` });
  await kms.close();
  await first.close();

  await using second = await startSimulators({ state });
  expect(second.gcp.findKey(name)).toEqual({ name, primary: '2', versions: { 1: 'ENABLED', 2: 'ENABLED', 3: 'DESTROY_SCHEDULED' } });
  const again = new KeyManagementServiceClient(second.gcp.clientOptions());
  expect((await again.decrypt({ name, ciphertext: ciphertext ?? '' }))[0].plaintext).toEqual(plaintext);
  expect((await again.getPublicKey({ name: rsa.version }))[0].pem).toBe(pem);
  second.clock.advance(31 * 86_400_000);
  expect(second.gcp.findKey(name)?.versions[3]).toBe('DESTROYED');
  await again.close();
});

it('a damaged section is refused and left alone', async () => {
  const state = join(folder, 'damaged.json');
  const content = '{"format":"keyfold-kms-simulators-state","version":1,"gcp-kms":{"keys":7}}';
  await writeFile(state, content);
  await expect(startSimulators({ state })).rejects.toMatchObject({ code: 'state-unreadable' });
  expect(await readFile(state, 'utf8')).toBe(content);
});
