/** Whole envelopes: what a user sees of the keyring. */
import { decrypt, decryptDetached, encrypt, encryptDetached, inspect, rewrap } from '@keyfold/core';
import { like } from '@keyfold/dev/testing';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { AWAY, HOME, rotate, setState, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const plaintext = new TextEncoder().encode('attack at dawn');

describe('an envelope', () => {
  it('opens under its context, with one request to write and one to read', async () => {
    const { name } = await sim.gcp.createKey({ location: HOME });
    const one = keyring({ key: name });
    sim.requests.reset();
    const envelope = await encrypt(plaintext, { keyring: one, context: { tenant: 'acme' } });
    expect(await decrypt(envelope, { keyring: one, context: { tenant: 'acme' } })).toEqual(plaintext);
    expect(sim.requests.list().map(({ operation, region, keys }) => [operation, region, keys])).toEqual([
      ['Encrypt', HOME, [name]],
      ['Decrypt', HOME, [name]],
    ]);
  });

  it('under a wrong external value is refused by the service itself', async () => {
    const { name } = await sim.gcp.createKey({ location: HOME });
    const one = keyring({ key: name });
    const envelope = await encrypt(plaintext, { keyring: one, externalContext: { order: '4711' } });
    const { details } = await failure(decrypt(envelope, { keyring: one, context: { order: '4712' } }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ reason: 'corrupt', remedy: like(/external context value/) }]);
    expect(sim.requests.list().at(-1)).toMatchObject({ operation: 'Decrypt', outcome: 'INVALID_ARGUMENT' });
  });
});

describe('a rewrap', () => {
  it('after a rotation frees the old version, and leaves the payload alone', async () => {
    const { name, version } = await sim.gcp.createKey({ location: HOME });
    const one = keyring({ key: name });
    const { header, payload } = await encryptDetached(plaintext, { keyring: one });
    await rotate(kms, name);
    const moved = await rewrap(header, { keyring: one, wrapWith: one });
    await setState(kms, version, 'DISABLED');
    expect(inspect(moved.header).wrappedKeys).toMatchObject([{ keyId: name, keyVersion: '2' }]);
    expect(await decryptDetached({ header: moved.header, payload }, { keyring: one })).toEqual(plaintext);
    await failure(decryptDetached({ header, payload }, { keyring: one }), 'unwrap-failed');
  });

  it('moves to a key in another location', async () => {
    const [old, next] = [await sim.gcp.createKey({ location: HOME }), await sim.gcp.createKey({ location: AWAY })];
    const { header, payload } = await encryptDetached(plaintext, { keyring: keyring({ key: old.name }) });
    const mover = keyring({ key: next.name, alsoUnwrap: [old.name] });
    const moved = await rewrap(header, { keyring: mover, wrapWith: mover, remove: [{ provider: 'gcp-kms', keyId: old.name }] });
    expect(moved.changes).toMatchObject([
      { change: 'added', key: { keyId: next.name }, proven: true },
      { change: 'removed', key: { keyId: old.name } },
    ]);
    sim.faults.regionDown(HOME);
    expect(await decryptDetached({ header: moved.header, payload }, { keyring: keyring({ key: next.name }) })).toEqual(plaintext);
    sim.faults.regionUp(HOME);
  });
});
