/** Rotation, and the states of versions: what opens, and what an error says when it does not. */
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { decrypt, encrypt, inspect } from '@keyfold/core';
import { like } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const clientOf = (vaultUrl: string): KeyClient => new KeyClient(vaultUrl, sim.azure.credential, sim.azure.clientOptions());
const plaintext = new Uint8Array(5);

describe.each([
  ['RSA key', {}, 'RSA-OAEP-256'],
  ['AES key', { vault: 'hsm', kty: 'oct-HSM' }, 'A256KW'],
] as const)('rotation of an %s', (_kind, settings, algorithm) => {
  it('leaves envelopes readable, and names in each the version that it needs', async () => {
    const first = await sim.azure.createKey(settings);
    // One keyring, and so one client, before and after.
    const one = keyring({ key: first.keyId, algorithm });
    const before = await encrypt(plaintext, { keyring: one });
    const second = await sim.azure.rotateKey(first.keyId);
    const after = await encrypt(plaintext, { keyring: one });
    for (const reader of [one, keyring({ key: first.keyId })]) {
      for (const envelope of [before, after]) expect(await decrypt(envelope, { keyring: reader })).toEqual(plaintext);
    }
    expect([before, after].map((envelope) => inspect(envelope).wrappedKeys)).toMatchObject([
      [{ keyId: first.keyId, keyVersion: first.version, algorithm }],
      [{ keyId: first.keyId, keyVersion: second.version, algorithm }],
    ]);
  });

  it('changes nothing for a keyring that names a version; it opens the others all the same', async () => {
    const first = await sim.azure.createKey(settings);
    const pinned = keyring({ key: first.id, algorithm });
    expect(pinned.keks).toEqual([{ provider: 'azure-keyvault', keyId: first.keyId }]);
    const second = await sim.azure.rotateKey(first.keyId);
    expect((await wrapOne(pinned)).keyVersion).toBe(first.version);
    const young = await wrapOne(keyring({ key: first.keyId, algorithm }));
    expect(young.keyVersion).toBe(second.version);
    expect((await unwrapFrom(pinned, [young]))?.keyMaterial).toEqual(DATA_KEY);
  });
});

it('with a client of the caller, the version that is stored is the one that wrapped, and not the one it began with', async () => {
  const first = await sim.azure.createKey();
  const client = (id: string): CryptographyClient => new CryptographyClient(id, sim.azure.credential, sim.azure.clientOptions());
  const one = keyring({ key: first.keyId, client });
  await wrapOne(one);
  const second = await sim.azure.rotateKey(first.keyId);
  const wrappedKey = await wrapOne(one);
  expect(wrappedKey.keyVersion).toBe(second.version);
  expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
});

describe('a version', () => {
  it('that is disabled is named, and how to enable it', async () => {
    const { keyId, id, version } = await sim.azure.createKey();
    const one = keyring({ key: keyId });
    const envelope = await encrypt(plaintext, { keyring: one });
    await sim.azure.rotateKey(keyId);
    await sim.azure.setEnabled(id, false);
    const { details, message } = await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
    const remedy = `Enable version ${version}, and keep it enabled until everything written under it has been rewrapped: "az keyvault key set-attributes --enabled true --id ${id}".`;
    expect(details.attempts).toMatchObject([{ reason: 'disabled', retryable: false, remedy }]);
    expect(message).toContain(`version ${version} is disabled.`);
    // The new one is not concerned.
    expect(await decrypt(await encrypt(plaintext, { keyring: one }), { keyring: one })).toEqual(plaintext);
    await sim.azure.setEnabled(id, true);
    expect(await decrypt(envelope, { keyring: one })).toEqual(plaintext);
  });

  it('that is the newest and disabled is found by who wraps, and by a check', async () => {
    const { keyId, id } = await sim.azure.createKey();
    await sim.azure.setEnabled(id, false);
    const one = keyring({ key: keyId });
    const { details, message } = await failure(wrapOne(one), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'disabled', remedy: like(/az keyvault key set-attributes --enabled true/) });
    expect(message).toContain('the newest version is disabled.');
    const [row] = await one.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ reachable: true, state: 'disabled', problem: { reason: 'disabled' } });
  });

  it('of several, is the only one that does not open', async () => {
    const { keyId, id } = await sim.azure.createKey();
    const one = keyring({ key: keyId });
    const wrapped = [await wrapOne(one)];
    await sim.azure.rotateKey(keyId);
    wrapped.push(await wrapOne(one));
    await sim.azure.setEnabled(id, false);
    expect((await unwrapFrom(one, wrapped))?.wrappedKey).toBe(wrapped[1]);
  });

  it('that there is not is named', async () => {
    const { keyId } = await sim.azure.createKey();
    const wrappedKey = { ...(await wrapOne(keyring({ key: keyId }))), keyVersion: 'f'.repeat(32) };
    const { details, message } = await failure(unwrapFrom(keyring({ key: keyId }), [wrappedKey]), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'not-found', retryable: false });
    expect(message).toContain(`no version ${'f'.repeat(32)} of the key`);
  });

  it('whose time is over wraps no more, and still unwraps', async () => {
    const { keyId, vaultUrl, name, version } = await sim.azure.createKey();
    const one = keyring({ key: keyId });
    const wrappedKey = await wrapOne(one);
    await clientOf(vaultUrl).updateKeyProperties(name, version, { expiresOn: new Date(Date.now() - 60_000) });
    const { details, message } = await failure(wrapOne(one), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'disabled', retryable: false, remedy: like(/az keyvault key rotate/) });
    expect(message).toContain('outside its dates');
    expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });

  it('that is not made for unwrapping says which operation to allow', async () => {
    const { keyId } = await sim.azure.createKey({ operations: ['wrapKey'] });
    const one = keyring({ key: keyId });
    const { details } = await failure(unwrapFrom(one, [await wrapOne(one)]), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/--ops wrapKey unwrapKey/) });
  });
});

it('a key that is deleted can be recovered, and the error says how', async () => {
  const { keyId, vaultUrl, name } = await sim.azure.createKey();
  const one = keyring({ key: keyId });
  const envelope = await encrypt(plaintext, { keyring: one });
  const client = clientOf(vaultUrl);
  await client.beginDeleteKey(name);
  const { details } = await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
  const recover = `az keyvault key recover --id ${vaultUrl}/deletedkeys/${name.toLowerCase()}`;
  expect(details.attempts).toMatchObject([{ reason: 'not-found', retryable: false }]);
  expect(details.attempts[0]?.remedy).toContain(recover);
  const [row] = await one.check({ signal: new AbortController().signal });
  expect(row).toMatchObject({ reachable: true, state: 'not-found', problem: { reason: 'not-found' } });
  await client.beginRecoverDeletedKey(name);
  expect(await decrypt(envelope, { keyring: one })).toEqual(plaintext);
});
