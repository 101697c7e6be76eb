import type { KeyProperties } from '@azure/keyvault-keys';
import { describe, expect, it } from 'vitest';
import { present } from '../support/values.js';
import { azureError } from './support/azure-failure.js';
import { azureSimulated } from './support/azure-simulated.js';

const { sim, keys } = await azureSimulated({ azure: { vaults: [{ name: 'first' }, { name: 'hsm', kind: 'managed-hsm' }, { name: 'away' }] } });

async function names(list: AsyncIterable<KeyProperties>): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of list) found.push(name);
  return found;
}

describe('a key', () => {
  it('is made with all that it shows', async () => {
    const expiresOn = new Date(Date.now() + 86_400_000);
    expiresOn.setMilliseconds(0);
    const made = await keys().createRsaKey('app', { keySize: 2048, tags: { team: 'blue' }, expiresOn, keyOps: ['wrapKey', 'unwrapKey'] });
    expect(made.id).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/keys\/app\/[0-9a-f]{32}$/);
    expect(made.id?.startsWith(sim.azure.vaultUrl())).toBe(true);
    expect(made.keyType).toBe('RSA');
    expect(made.keyOperations).toEqual(['wrapKey', 'unwrapKey']);
    expect(made.key?.n).toHaveLength(256);
    expect(made.key?.d).toBeUndefined();
    expect(made.properties).toMatchObject({
      enabled: true,
      expiresOn,
      tags: { team: 'blue' },
      recoveryLevel: 'Recoverable+Purgeable',
      recoverableDays: 90,
    });
    expect(await keys().getKey('app')).toEqual(made);
    expect(await keys().getKey('APP', { version: present(made.properties.version) })).toEqual(made);
  });

  it('of a managed HSM is RSA-HSM or oct-HSM, and shows no secret', async () => {
    expect((await keys('hsm').createKey('rsa', 'RSA')).keyType).toBe('RSA-HSM');
    const oct = await keys('hsm').createOctKey('oct', { hsm: true, keySize: 192 });
    expect(oct.keyType).toBe('oct-HSM');
    expect(oct.key?.k).toBeUndefined();
  });

  it.each<[string, string, string, number | undefined]>([
    ['a name that is none', 'a_b', 'RSA', undefined],
    ['a type that is none', 'a', 'DES', undefined],
    ['a type of managed HSMs', 'a', 'oct-HSM', undefined],
    ['a size that is none', 'a', 'RSA', 2047],
  ])('is refused with %s', async (_what, name, kty, keySize) => {
    expect(await azureError(keys().createKey(name, kty, keySize === undefined ? {} : { keySize }))).toBe('400 BadParameter');
  });

  it('that does not exist is not found', async () => {
    expect(await azureError(keys().getKey('none'))).toBe('404 KeyNotFound');
    await keys().createRsaKey('versioned');
    expect(await azureError(keys().getKey('versioned', { version: '0'.repeat(32) }))).toBe('404 KeyNotFound');
    expect(await azureError(keys('away').getKey('versioned'))).toBe('404 KeyNotFound');
  });

  it('of an elliptic curve is said not to be simulated', async () => {
    expect(await azureError(keys().createEcKey('curve'))).toBe('501 NotImplemented');
  });
});

describe('versions', () => {
  it('have attributes of their own; the last one made is the current one', async () => {
    const first = await keys().createRsaKey('rotated', { tags: { kept: 'yes' } });
    const second = await keys().rotateKey('rotated');
    expect(second.id).not.toBe(first.id);
    expect(second.key?.n).not.toEqual(first.key?.n);
    expect(second.properties.tags).toEqual({ kept: 'yes' });
    await keys().updateKeyProperties('rotated', present(first.properties.version), { enabled: false });
    expect((await keys().getKey('rotated')).properties).toMatchObject({ version: second.properties.version, enabled: true });
    const third = await keys().createRsaKey('rotated', { keySize: 3072 });
    expect(third.key?.n).toHaveLength(384);
    const listed: Record<string, boolean | undefined> = {};
    for await (const { version = '', enabled } of keys().listPropertiesOfKeyVersions('rotated')) listed[version] = enabled;
    expect(listed).toEqual({
      [present(first.properties.version)]: false,
      [present(second.properties.version)]: true,
      [present(third.properties.version)]: true,
    });
  });

  it('are updated in what is named, and stay what they are in the rest', async () => {
    const made = await keys().createRsaKey('updated', { tags: { a: '1' } });
    const notBefore = new Date('2030-01-01T00:00:00Z');
    const updated = await keys().updateKeyProperties('updated', { notBefore });
    expect(updated.properties).toMatchObject({ enabled: true, notBefore, tags: { a: '1' }, version: made.properties.version });
    const both = keys().updateKeyProperties('updated', { notBefore, expiresOn: notBefore });
    expect(await azureError(both)).toBe('400 BadParameter');
    expect(await azureError(keys().updateKeyProperties('none', {}))).toBe('404 KeyNotFound');
  });
});

describe('lists', () => {
  it('are cut into pages', async () => {
    const made = Array.from({ length: 27 }, (_, number) => `k${number}`);
    for (const name of made) await sim.azure.createKey({ vault: 'listed', name, kty: 'oct-HSM' });
    sim.requests.reset();
    expect(await names(keys('listed').listPropertiesOfKeys())).toEqual(made);
    expect(sim.requests.count({ operation: 'GetKeys', outcome: 'ok', vault: 'listed' })).toBe(2);
    const pages = keys('listed').listPropertiesOfKeys().byPage({ maxPageSize: 20 });
    expect((await pages.next()).value).toHaveLength(20);
    expect((await pages.next()).value).toHaveLength(7);
  });

  it('are empty where there is nothing', async () => {
    expect(await names(keys('away').listPropertiesOfKeys())).toEqual([]);
    expect(await names(keys('away').listPropertiesOfKeyVersions('none'))).toEqual([]);
  });
});
