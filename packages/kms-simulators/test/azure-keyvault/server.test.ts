import { KeyClient } from '@azure/keyvault-keys';
import { startSimulators, type AzureKeyVaultOptions, type Simulators } from '@keyfold/kms-simulators';
import { describe, expect, it } from 'vitest';
import { azureSimulated } from './support/azure-simulated.js';

const { sim, keys } = await azureSimulated();

describe('vaults', () => {
  it('are made when a key is, once', async () => {
    const made = await Promise.all([1, 2].map(async () => await sim.azure.createKey({ vault: 'Both', kty: 'oct-HSM', name: 'app' })));
    expect(new Set(made.map(({ vaultUrl }) => vaultUrl)).size).toBe(1);
    expect(Object.keys(sim.azure.findKey(made[0]?.id ?? '')?.versions ?? {})).toHaveLength(2);
    expect(await sim.azure.createVault({ name: 'both' })).toBe(made[0]?.vaultUrl);
    expect(sim.azure.vaultUrl('BOTH')).toBe(made[0]?.vaultUrl);
  });

  it('hold keys of their own', async () => {
    const one = await sim.azure.createKey({ vault: 'one', kty: 'oct-HSM', name: 'same' });
    const two = await sim.azure.createKey({ vault: 'two', kty: 'oct-HSM', name: 'same' });
    expect((await keys('one').getKey('same')).id).toBe(one.id);
    expect((await keys('two').getKey('same')).id).toBe(two.id);
    expect(new URL(one.id).port).not.toBe(new URL(two.id).port);
  });

  it('follow each other from the port that was asked for', async () => {
    await using two = await onNeighbours();
    const [first = 0, second] = Object.values(two.azure.vaultUrls).map((url) => Number(new URL(url).port));
    expect(second).toBe(first + 1);
    await expect(startSimulators({ azure: { port: first } })).rejects.toMatchObject({ code: 'port-in-use' });
  });
});

/** Another process may take the second of two ports that were free; then these are not. */
async function onNeighbours(attempts = 10): Promise<Simulators> {
  const free = await startSimulators();
  const port = Number(new URL(free.azure.endpoint).port);
  await free.close();
  try {
    return await startSimulators({ azure: { port, vaults: [{ name: 'first' }, { name: 'second' }] } });
  } catch (error) {
    if (attempts === 1) throw error;
    return await onNeighbours(attempts - 1);
  }
}

describe('a key', () => {
  it('can be rotated and disabled by ids that exist alone', async () => {
    const { keyId } = await sim.azure.createKey({ vault: 'two', name: 'rotated', kty: 'oct-HSM' });
    const second = await sim.azure.rotateKey(keyId);
    expect((await keys('two').getKey('rotated')).id).toBe(second.id);
    for (const id of ['rotated', 'https://127.0.0.1:1/keys/rotated', `${sim.azure.vaultUrl()}/keys/none`]) {
      await expect(sim.azure.rotateKey(id)).rejects.toMatchObject({ code: 'invalid-option' });
      await expect(sim.azure.setEnabled(id, false)).rejects.toMatchObject({ code: 'invalid-option' });
    }
    expect(sim.azure.findKey(`${sim.azure.vaultUrl()}/keys/none`)).toBeUndefined();
  });

  it('is refused where the service would refuse it', async () => {
    await expect(sim.azure.createKey({ vault: 'keyfold', kty: 'oct-HSM' })).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(sim.azure.createKey({ size: 1024 })).rejects.toThrow('CreateKey was refused: BadParameter: Key size 1024');
    expect(() => sim.azure.vaultUrl('none')).toThrow('There is no vault named "none"');
  });
});

it.each<[string, AzureKeyVaultOptions]>([
  ['a name of a vault', { vaults: [{ name: 'a_b_c' }] }],
  ['a name of a vault that is too long', { vaults: [{ name: 'a'.repeat(25) }] }],
  ['a region', { vaults: [{ name: 'abc', region: 'West Europe' }] }],
  ['a time to recover keys', { vaults: [{ name: 'abc', softDeleteDays: 6 }] }],
  ['a tenant', { tenant: 'mine' }],
  ['a port', { identityPort: 65_536 }],
])('%s that makes no sense is refused', async (_what, azure) => {
  await expect(startSimulators({ azure })).rejects.toMatchObject({ code: 'invalid-option' });
});

it('closing ends calls that wait, and frees the ports', async () => {
  const one = await startSimulators();
  await one.azure.createKey({ name: 'app' });
  one.faults.inject({ kind: 'hang', operation: 'GetKey' });
  const client = new KeyClient(one.azure.endpoint, one.azure.credential, { ...one.azure.clientOptions(), retryOptions: { maxRetries: 0 } });
  const call = client.getKey('app').catch((error: unknown) => error);
  await expect.poll(() => one.requests.count({ operation: 'GetKey' })).toBe(1);
  await one.close();
  expect(await call).toMatchObject({ code: 'ECONNRESET' });
  const [port, identityPort] = [one.azure.endpoint, one.azure.identityEndpoint].map((url) => Number(new URL(url).port));
  await using again = await startSimulators({ azure: { port: port ?? 0, identityPort: identityPort ?? 0 } });
  expect(again.azure.endpoint).toBe(one.azure.endpoint);
  expect(again.azure.identityEndpoint).toBe(one.azure.identityEndpoint);
});
