import { describe, expect, it } from 'vitest';
import { gcpStatus } from './support/gcp-failure.js';
import { AWAY, gcpSimulated, HOME } from './support/gcp-simulated.js';

const { sim, client } = await gcpSimulated({ gcp: { project: 'my-project' } });
const kms = client();
const parent = kms.locationPath('my-project', HOME);

describe('key rings and keys', () => {
  it('are made, found and listed', async () => {
    const [ring] = await kms.createKeyRing({ parent, keyRingId: 'ring' });
    expect(ring.name).toBe(kms.keyRingPath('my-project', HOME, 'ring'));
    const [key] = await kms.createCryptoKey({
      parent: ring.name ?? '',
      cryptoKeyId: 'app',
      cryptoKey: { purpose: 'ENCRYPT_DECRYPT', labels: { team: 'payments' } },
    });
    const name = kms.cryptoKeyPath('my-project', HOME, 'ring', 'app');
    expect(key).toMatchObject({
      name,
      purpose: 'ENCRYPT_DECRYPT',
      labels: { team: 'payments' },
      primary: { name: `${name}/cryptoKeyVersions/1`, state: 'ENABLED', algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION' },
      destroyScheduledDuration: { seconds: '2592000' },
    });
    expect((await kms.getCryptoKey({ name }))[0]).toEqual(key);
    expect((await kms.getKeyRing({ name: ring.name ?? '' }))[0]).toEqual(ring);
    expect((await kms.listKeyRings({ parent }))[0].map((one) => one.name)).toEqual([ring.name]);
    expect((await kms.listKeyRings({ parent: kms.locationPath('my-project', AWAY) }))[0]).toEqual([]);
    expect((await kms.listCryptoKeys({ parent: ring.name ?? '' }))[0].map((one) => one.name)).toEqual([name]);
  });

  it('exist once', async () => {
    await kms.createKeyRing({ parent, keyRingId: 'twice' });
    expect(await gcpStatus(kms.createKeyRing({ parent, keyRingId: 'twice' }))).toBe('ALREADY_EXISTS');
    const request = { parent: `${parent}/keyRings/twice`, cryptoKeyId: 'k', cryptoKey: { purpose: 'ENCRYPT_DECRYPT' } } as const;
    await kms.createCryptoKey(request);
    expect(await gcpStatus(kms.createCryptoKey(request))).toBe('ALREADY_EXISTS');
  });

  it('are listed page by page', async () => {
    const { name } = await sim.gcp.createKey({ location: AWAY });
    for (let i = 0; i < 4; i += 1) await kms.createCryptoKeyVersion({ parent: name });
    const request = { parent: name, pageSize: 2 };
    const names: (string | null | undefined)[] = [];
    for await (const version of kms.listCryptoKeyVersionsAsync(request)) names.push(version.name);
    expect(names).toEqual([1, 2, 3, 4, 5].map((number) => `${name}/cryptoKeyVersions/${number}`));
    expect(sim.requests.count({ operation: 'ListCryptoKeyVersions' })).toBe(3);
  });

  it('are refused where they make no sense, and said to be missing where they are', async () => {
    const ring = `${parent}/keyRings/strict`;
    await kms.createKeyRing({ parent, keyRingId: 'strict' });
    const create = async (cryptoKey: Parameters<typeof kms.createCryptoKey>[0]['cryptoKey']): Promise<unknown> =>
      await kms.createCryptoKey({ parent: ring, cryptoKeyId: 'x', cryptoKey: cryptoKey ?? null });
    expect(await gcpStatus(create({}))).toBe('INVALID_ARGUMENT');
    expect(await gcpStatus(create({ purpose: 'ASYMMETRIC_DECRYPT' }))).toBe('INVALID_ARGUMENT');
    expect(await gcpStatus(create({ purpose: 'ASYMMETRIC_SIGN' }))).toBe('UNIMPLEMENTED');
    expect(await gcpStatus(create({ purpose: 'ENCRYPT_DECRYPT', versionTemplate: { algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' } }))).toBe('INVALID_ARGUMENT');
    expect(await gcpStatus(kms.createKeyRing({ parent, keyRingId: 'a/b' }))).toBe('INVALID_ARGUMENT');
    expect(await gcpStatus(kms.getKeyRing({ name: `${parent}/keyRings/none` }))).toBe('NOT_FOUND');
    expect(await gcpStatus(kms.listImportJobs({ parent: ring }))).toBe('UNIMPLEMENTED');
  });

  it('made without a request are the same, and not counted', async () => {
    sim.requests.reset();
    const made = await sim.gcp.createKey({ location: HOME, keyRing: 'quick', key: 'app' });
    expect(sim.requests.count()).toBe(0);
    expect(made.name).toBe(kms.cryptoKeyPath('my-project', HOME, 'quick', 'app'));
    expect(sim.gcp.findKey(made.name)).toEqual({ name: made.name, primary: '1', versions: { 1: 'ENABLED' } });
    expect(sim.gcp.findKey(`${made.name}x`)).toBeUndefined();
    await expect(sim.gcp.createKey({ location: HOME, keyRing: 'quick', key: 'app' })).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
