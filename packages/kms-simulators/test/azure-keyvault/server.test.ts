import { KeyClient, CryptographyClient } from '@azure/keyvault-keys';
import { startSimulators } from '@keyfold/kms-simulators';
import { afterAll, expect, it } from 'vitest';
import { bytes } from '../support/values.js';

const sim = await startSimulators();
afterAll(async () => {
  await sim.close();
});

it('serves the SDK', async () => {
  const { credential } = sim.azure;
  const options = sim.azure.clientOptions();
  const keys = new KeyClient(sim.azure.vaultUrl(), credential, options);
  const key = await keys.createRsaKey('app', { keySize: 2048 });
  expect((await keys.getKey('app')).id).toBe(key.id);
  for (const id of [key.id ?? '', key.id?.replace(/\/\w+$/, '') ?? '']) {
    const crypto = new CryptographyClient(id, credential, options);
    const value = bytes(32);
    const { result, keyID } = await crypto.wrapKey('RSA-OAEP-256', value);
    expect(keyID).toBe(key.id);
    expect((await crypto.unwrapKey('RSA-OAEP-256', result)).result).toEqual(Buffer.from(value));
  }
  expect(sim.requests.count({ provider: 'azure-keyvault', operation: 'WrapKey' })).toBe(2);
});
