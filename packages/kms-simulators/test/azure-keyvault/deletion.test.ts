import { describe, expect, it } from 'vitest';
import { bytes } from '../support/values.js';
import { azureError, azureFailureOf } from './support/azure-failure.js';
import { azureSimulated } from './support/azure-simulated.js';

const DAY = 86_400_000;
const { sim, keys, cryptography } = await azureSimulated({
  azure: {
    vaults: [
      { name: 'hsm', kind: 'managed-hsm', softDeleteDays: 7 },
      { name: 'protected', kind: 'managed-hsm', purgeProtection: true },
    ],
  },
});
const value = bytes(32);

async function deleted(name: string, vault = 'hsm'): Promise<{ readonly id: string; readonly wrapped: Uint8Array }> {
  const { id } = await sim.azure.createKey({ vault, name, kty: 'oct-HSM' });
  const { result } = await cryptography(id).wrapKey('A256KW', value);
  await (await keys(vault).beginDeleteKey(name)).pollUntilDone();
  return { id, wrapped: result };
}

describe('a deleted key', () => {
  it('is not there, and can be seen among the deleted ones', async () => {
    const { id, wrapped } = await deleted('gone');
    expect(await azureError(keys().getKey('gone'))).toBe('404 KeyNotFound');
    expect(await azureError(cryptography(id).unwrapKey('A256KW', wrapped))).toBe('404 KeyNotFound');
    const found = await keys().getDeletedKey('gone');
    expect(found.properties.recoveryId).toBe(`${sim.azure.vaultUrl()}/deletedkeys/gone`);
    expect(Number(found.properties.scheduledPurgeDate) - Number(found.properties.deletedOn)).toBe(7 * DAY);
    expect(found.properties).toMatchObject({ recoveryLevel: 'CustomizedRecoverable+Purgeable', recoverableDays: 7 });
    const names: string[] = [];
    for await (const { name } of keys().listDeletedKeys()) names.push(name);
    expect(names).toEqual(['gone']);
    expect(sim.azure.findKey(id)).toMatchObject({ name: 'gone', deleted: true });
  });

  it('keeps its name from being used again', async () => {
    await deleted('taken');
    expect(await azureFailureOf(keys().createKey('taken', 'oct-HSM'))).toMatchObject({
      status: 409,
      code: 'Conflict',
      inner: 'ObjectIsDeletedButRecoverable',
    });
  });

  it('is recovered with all its versions', async () => {
    const { id, wrapped } = await deleted('back');
    await (await keys().beginRecoverDeletedKey('back')).pollUntilDone();
    expect((await cryptography(id).unwrapKey('A256KW', wrapped)).result).toEqual(Buffer.from(value));
    expect(await azureError(keys().getDeletedKey('back'))).toBe('404 KeyNotFound');
  });

  it('is purged for good, and its name is free', async () => {
    const { id, wrapped } = await deleted('purged');
    await keys().purgeDeletedKey('purged');
    expect(await azureError(keys().getDeletedKey('purged'))).toBe('404 KeyNotFound');
    expect(sim.azure.findKey(id)).toBeUndefined();
    await sim.azure.createKey({ vault: 'hsm', name: 'purged', kty: 'oct-HSM' });
    expect(await azureError(cryptography(id).unwrapKey('A256KW', wrapped))).toBe('404 KeyNotFound');
  });

  it('is purged when its time is over, not before', async () => {
    const { id } = await deleted('timed');
    sim.clock.advance(7 * DAY - 60_000);
    expect((await keys().getDeletedKey('timed')).name).toBe('timed');
    sim.clock.advance(60_000);
    expect(await azureError(keys().getDeletedKey('timed'))).toBe('404 KeyNotFound');
    expect(sim.azure.findKey(id)).toBeUndefined();
  });

  it('stays, where the vault protects it from being purged', async () => {
    await deleted('kept', 'protected');
    expect(await azureError(keys('protected').purgeDeletedKey('kept'))).toBe('403 Forbidden');
    expect((await keys('protected').getDeletedKey('kept')).properties.recoveryLevel).toBe('Recoverable');
  });
});

it('what is not deleted is neither recovered nor purged nor deleted twice', async () => {
  await deleted('once');
  expect(await azureError(keys().beginDeleteKey('once'))).toBe('404 KeyNotFound');
  await sim.azure.createKey({ vault: 'hsm', name: 'alive', kty: 'oct-HSM' });
  expect(await azureError(keys().beginRecoverDeletedKey('none'))).toBe('404 KeyNotFound');
  expect(await azureError(keys().purgeDeletedKey('alive'))).toBe('404 KeyNotFound');
});
