/** Rotation, and the states of versions: what opens, and what an error says when it does not. */
import { decrypt, encrypt, inspect } from '@keyfold/core';
import { like } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { HOME, rotate, setState, simulated } from './support/simulated.js';

const DAY = 86_400_000;
const { sim, keyring, client } = await simulated();
const kms = client();

describe('rotation', () => {
  it('leaves envelopes readable, and names in each the version that it needs', async () => {
    const { name } = await sim.gcp.createKey({ location: HOME });
    const one = keyring({ key: name });
    const before = await encrypt(new Uint8Array(5), { keyring: one });
    expect(await rotate(kms, name)).toBe('2');
    const after = await encrypt(new Uint8Array(5), { keyring: one });
    for (const envelope of [before, after]) expect(await decrypt(envelope, { keyring: one })).toEqual(new Uint8Array(5));
    expect([before, after].map((envelope) => inspect(envelope).wrappedKeys)).toMatchObject([
      [{ keyId: name, keyVersion: '1', algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' }],
      [{ keyId: name, keyVersion: '2', algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' }],
    ]);
  });

  it('of an RSA key is a new version to name; the old ones still open', async () => {
    const { name, version } = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
    await kms.createCryptoKeyVersion({ parent: name });
    const old = await wrapOne(keyring({ key: version }));
    const rotated = keyring({ key: `${name}/cryptoKeyVersions/2` });
    const young = await wrapOne(rotated);
    expect([old.keyVersion, young.keyVersion]).toEqual(['1', '2']);
    for (const wrappedKey of [old, young]) expect((await unwrapFrom(rotated, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });
});

describe.each(['GOOGLE_SYMMETRIC_ENCRYPTION', 'RSA_DECRYPT_OAEP_2048_SHA256'] as const)('a version of %s', (algorithm) => {
  const make = async (): Promise<{ key: string; name: string; version: string }> => {
    const { name, version } = await sim.gcp.createKey({ location: HOME, algorithm });
    return { key: algorithm === 'GOOGLE_SYMMETRIC_ENCRYPTION' ? name : version, name, version };
  };

  it('that is disabled is named, and how to enable it', async () => {
    const { key, version } = await make();
    const one = keyring({ key });
    const envelope = await encrypt(new Uint8Array(5), { keyring: one });
    await setState(kms, version, 'DISABLED');
    const { details, message } = await failure(decrypt(envelope, { keyring: one }), 'unwrap-failed');
    expect(details.attempts).toMatchObject([{ reason: 'disabled', retryable: false, remedy: like(/gcloud kms keys versions enable 1 --key key-/) }]);
    expect(message).toContain('version 1 is disabled.');
    const fresh = keyring({ key });
    expect((await failure(wrapOne(fresh), 'keyring-failed')).details.reason).toBe('disabled');
    const [row] = await fresh.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ reachable: true, state: 'disabled', problem: { reason: 'disabled' } });
    await setState(kms, version, 'ENABLED');
    expect(await decrypt(envelope, { keyring: one })).toEqual(new Uint8Array(5));
  });

  it('that shall be destroyed can still be kept, and the error says so; afterwards it says that nothing helps', async () => {
    const { key, version } = await make();
    const one = keyring({ key });
    const wrappedKey = await wrapOne(one);
    await kms.destroyCryptoKeyVersion({ name: version });
    const scheduled = await failure(unwrapFrom(one, [wrappedKey]), 'keyring-failed');
    expect(scheduled.details).toMatchObject({ reason: 'pending-deletion', retryable: false, remedy: like(/versions restore 1 /) });
    sim.clock.advance(31 * DAY);
    const destroyed = await failure(unwrapFrom(one, [wrappedKey]), 'keyring-failed');
    expect(destroyed.details).toMatchObject({ reason: 'pending-deletion', remedy: like(/nothing brings version 1 back/) });
    expect(destroyed.message).toContain('version 1 is destroyed.');
    const [row] = await keyring({ key }).check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ state: 'pending-deletion' });
  });
});

it('of several versions, only the one that is disabled does not open', async () => {
  const { name } = await sim.gcp.createKey({ location: HOME });
  const one = keyring({ key: name });
  const wrapped = [await wrapOne(one)];
  for (const _ of [2, 3]) {
    await rotate(kms, name);
    wrapped.push(await wrapOne(one));
  }
  await setState(kms, `${name}/cryptoKeyVersions/3`, 'DISABLED');
  await setState(kms, `${name}/cryptoKeyVersions/1`, 'DISABLED');
  const { message } = await failure(unwrapFrom(one, wrapped.slice(2)), 'keyring-failed');
  expect(message).toContain('version 3 is disabled.');
  expect((await unwrapFrom(one, wrapped))?.wrappedKey.keyVersion).toBe('2');
});

it('a public key is asked for once, and shared by all who wrap meanwhile', async () => {
  const { version } = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
  const one = keyring({ key: version });
  sim.requests.reset();
  await Promise.all([wrapOne(one), wrapOne(one), wrapOne(one)]);
  await wrapOne(one);
  expect(sim.requests.count({ operation: 'GetPublicKey' })).toBe(1);
});
