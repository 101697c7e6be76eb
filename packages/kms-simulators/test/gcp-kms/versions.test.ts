import { describe, expect, it } from 'vitest';
import { gcpFailureOf, gcpStatus } from './support/gcp-failure.js';
import { gcpSimulated, HOME } from './support/gcp-simulated.js';
import { bytes } from '../support/values.js';

const DAY = 86_400_000;
const { sim, client } = await gcpSimulated();
const kms = client();
const plaintext = bytes(32);
const version = (key: string, number: number): string => `${key}/cryptoKeyVersions/${number}`;
const seal = async (name: string): Promise<{ name: string; ciphertext: Uint8Array }> => {
  const [{ name: used, ciphertext }] = await kms.encrypt({ name, plaintext });
  return { name: used ?? '', ciphertext: ciphertext as Uint8Array };
};
const setState = async (name: string, state: 'ENABLED' | 'DISABLED'): Promise<unknown> =>
  await kms.updateCryptoKeyVersion({ cryptoKeyVersion: { name, state }, updateMask: { paths: ['state'] } });

describe('rotation', () => {
  it('leaves what was encrypted before readable', async () => {
    const { name: key } = await sim.gcp.createKey({ location: HOME });
    const before = await seal(key);
    await kms.createCryptoKeyVersion({ parent: key });
    expect((await seal(key)).name).toBe(version(key, 1));
    const [rotated] = await kms.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: '2' });
    expect(rotated.primary?.name).toBe(version(key, 2));
    const after = await seal(key);
    expect(after.name).toBe(version(key, 2));
    const [old] = await kms.decrypt({ name: key, ciphertext: before.ciphertext });
    const [young] = await kms.decrypt({ name: key, ciphertext: after.ciphertext });
    expect([old.usedPrimary, young.usedPrimary]).toEqual([false, true]);
    expect(old.plaintext).toEqual(young.plaintext);
  });

  it('happens by itself when it is due', async () => {
    const { name } = await sim.gcp.createKey({ location: HOME });
    const nextRotationTime = { seconds: Math.floor((sim.clock.now() + DAY) / 1000) };
    await kms.updateCryptoKey({
      cryptoKey: { name, nextRotationTime, rotationPeriod: { seconds: 86_400 } },
      updateMask: { paths: ['next_rotation_time', 'rotation_period'] },
    });
    expect((await seal(name)).name).toBe(version(name, 1));
    sim.clock.advance(DAY + 1000);
    expect((await seal(name)).name).toBe(version(name, 2));
    sim.clock.advance(DAY);
    expect((await seal(name)).name).toBe(version(name, 3));
  });
});

describe('states of versions', () => {
  it('stop a disabled version, and no other', async () => {
    const { name: key } = await sim.gcp.createKey({ location: HOME });
    const first = await seal(key);
    await kms.createCryptoKeyVersion({ parent: key });
    await kms.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: '2' });
    const second = await seal(key);
    await setState(first.name, 'DISABLED');
    expect(await gcpFailureOf(kms.decrypt({ name: key, ciphertext: first.ciphertext }))).toEqual({
      status: 'FAILED_PRECONDITION',
      message: `${first.name} is not enabled, current state is: DISABLED.`,
    });
    await kms.decrypt({ name: key, ciphertext: second.ciphertext });
    await setState(first.name, 'ENABLED');
    await kms.decrypt({ name: key, ciphertext: first.ciphertext });
    await setState(second.name, 'DISABLED');
    expect(await gcpStatus(seal(key))).toBe('FAILED_PRECONDITION');
  });

  it('destroy a version after its waiting period, unless it is restored', async () => {
    const { name: key } = await sim.gcp.createKey({ location: HOME });
    const sealed = await seal(key);
    const [scheduled] = await kms.destroyCryptoKeyVersion({ name: sealed.name });
    expect(scheduled.state).toBe('DESTROY_SCHEDULED');
    expect(Number(scheduled.destroyTime?.seconds)).toBeGreaterThan((sim.clock.now() + 29 * DAY) / 1000);
    expect((await gcpFailureOf(kms.decrypt({ name: key, ciphertext: sealed.ciphertext }))).message).toMatch(/DESTROY_SCHEDULED/);
    expect(await gcpStatus(setState(sealed.name, 'ENABLED'))).toBe('FAILED_PRECONDITION');
    const [restored] = await kms.restoreCryptoKeyVersion({ name: sealed.name });
    expect(restored.state).toBe('DISABLED');
    await kms.destroyCryptoKeyVersion({ name: sealed.name });
    sim.clock.advance(30 * DAY);
    const [gone] = await kms.getCryptoKeyVersion({ name: sealed.name });
    expect(gone.state).toBe('DESTROYED');
    expect(gone.destroyEventTime).not.toBeNull();
    expect(await gcpStatus(kms.restoreCryptoKeyVersion({ name: sealed.name }))).toBe('FAILED_PRECONDITION');
    expect((await gcpFailureOf(kms.decrypt({ name: key, ciphertext: sealed.ciphertext }))).message).toMatch(/DESTROYED/);
  });

  it('let only an enabled version become the primary', async () => {
    const { name: key } = await sim.gcp.createKey({ location: HOME });
    const [{ name }] = await kms.createCryptoKeyVersion({ parent: key });
    await setState(name ?? '', 'DISABLED');
    expect(await gcpStatus(kms.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: '2' }))).toBe('FAILED_PRECONDITION');
    expect(await gcpStatus(kms.updateCryptoKeyPrimaryVersion({ name: key, cryptoKeyVersionId: '9' }))).toBe('NOT_FOUND');
  });
});
