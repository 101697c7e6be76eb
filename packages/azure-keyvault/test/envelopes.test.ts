/** Whole envelopes: what a user sees of the keyring. */
import { decrypt, decryptDetached, encrypt, encryptDetached, inspect, multiKeyring, rewrap } from '@keyfold/core';
import { like } from '@keyfold/dev/testing';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
await sim.azure.createVault({ name: 'north', region: 'northeurope' });
const plaintext = new TextEncoder().encode('attack at dawn');

describe.each([
  ['RSA key', {}, 'RSA-OAEP-256'],
  ['AES key', { vault: 'hsm', kty: 'oct-HSM' }, 'A256KW'],
] as const)('an envelope under an %s', (_kind, settings, algorithm) => {
  it('opens under its context, with one request to write and one to read', async () => {
    const { keyId, id } = await sim.azure.createKey(settings);
    const one = keyring({ key: keyId, algorithm });
    sim.requests.reset();
    const envelope = await encrypt(plaintext, { keyring: one, context: { tenant: 'acme' } });
    expect(await decrypt(envelope, { keyring: one, context: { tenant: 'acme' } })).toEqual(plaintext);
    const own = sim.requests.list().filter(({ operation }) => operation !== 'Challenge');
    expect(own.map(({ operation, keys }) => [operation, keys])).toEqual([
      ['WrapKey', [id]],
      ['UnwrapKey', [id]],
    ]);
  });

  it('under a wrong context is refused by the engine, before anything is asked', async () => {
    const { keyId } = await sim.azure.createKey(settings);
    const one = keyring({ key: keyId, algorithm });
    const envelope = await encrypt(plaintext, { keyring: one, context: { tenant: 'acme' } });
    sim.requests.reset();
    await failure(decrypt(envelope, { keyring: one, context: { tenant: 'umbrella' } }), 'context-mismatch');
    expect(sim.requests.count()).toBe(0);
  });

  it('under a wrong external value is unwrapped by the service, and refused by the envelope’s own MAC', async () => {
    const { keyId } = await sim.azure.createKey(settings);
    const one = keyring({ key: keyId, algorithm });
    const envelope = await encrypt(plaintext, { keyring: one, externalContext: { order: '4711' } });
    const { details } = await failure(decrypt(envelope, { keyring: one, context: { order: '4712' } }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ keyId, reason: 'integrity', remedy: like(/external context value/) }]);
    expect(sim.requests.list().at(-1)).toMatchObject({ operation: 'UnwrapKey', outcome: 'ok' });
  });
});

describe('a rewrap', () => {
  it('after a rotation frees the old version, and leaves the payload alone', async () => {
    const { keyId, id } = await sim.azure.createKey();
    const one = keyring({ key: keyId });
    const { header, payload } = await encryptDetached(plaintext, { keyring: one });
    const next = await sim.azure.rotateKey(keyId);
    const moved = await rewrap(header, { keyring: one, wrapWith: one });
    await sim.azure.setEnabled(id, false);
    expect(inspect(moved.header).wrappedKeys).toMatchObject([{ keyId, keyVersion: next.version }]);
    expect(await decryptDetached({ header: moved.header, payload }, { keyring: one })).toEqual(plaintext);
    await failure(decryptDetached({ header, payload }, { keyring: one }), 'unwrap-failed');
  });

  it('moves to a key in another vault and of another kind', async () => {
    const [old, next] = [await sim.azure.createKey(), await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' })];
    const { header, payload } = await encryptDetached(plaintext, { keyring: keyring({ key: old.keyId }) });
    const mover = keyring({ key: next.keyId, algorithm: 'A256KW', alsoUnwrap: [old.keyId] });
    const moved = await rewrap(header, { keyring: mover, wrapWith: mover, remove: [{ provider: 'azure-keyvault', keyId: old.keyId }] });
    expect(moved.changes).toMatchObject([
      { change: 'added', key: { keyId: next.keyId }, proven: true },
      { change: 'removed', key: { keyId: old.keyId } },
    ]);
    expect(await decryptDetached({ header: moved.header, payload }, { keyring: keyring({ key: next.keyId }) })).toEqual(plaintext);
  });
});

it('two vaults in two regions: either opens the envelope while the other is down', async () => {
  const west = keyring({ key: (await sim.azure.createKey()).keyId });
  const north = keyring({ key: (await sim.azure.createKey({ vault: 'north' })).keyId });
  const both = multiKeyring({ members: [west, north] });
  const envelope = await encrypt(plaintext, { keyring: both });
  for (const region of ['westeurope', 'northeurope']) {
    sim.faults.regionDown(region);
    expect(await decrypt(envelope, { keyring: both })).toEqual(plaintext);
    sim.faults.regionUp(region);
  }
});
