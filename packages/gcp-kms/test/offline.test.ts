import { generateKeyPairSync } from 'node:crypto';
import { decrypt, encrypt } from '@keyfold/core';
import { like } from '@keyfold/dev/testing';
import { DATA_KEY, failure, refusal, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { gcpKmsOfflineKeyring } from '@keyfold/gcp-kms';
import { describe, expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();

describe('wrapping offline', () => {
  it.each([2048, 3072, 4096] as const)('under a key of %i bits is opened by the recovery alone', async (bits) => {
    const algorithm = `RSA_DECRYPT_OAEP_${bits}_SHA256` as const;
    const { name, version } = await sim.gcp.createKey({ location: HOME, algorithm });
    const [{ pem }] = await kms.getPublicKey({ name: version });
    const der = Buffer.from((pem ?? '').replaceAll(/-----.*-----|\s/g, ''), 'base64');
    for (const publicKey of [pem ?? '', der]) {
      sim.requests.reset();
      const offline = gcpKmsOfflineKeyring({ key: version, publicKey });
      const wrappedKey = await wrapOne(offline);
      expect(wrappedKey).toMatchObject({ keyId: name, keyVersion: '1', algorithm });
      expect(wrappedKey.ciphertext).toHaveLength(bits / 8);
      expect(sim.requests.count()).toBe(0);
      const { details } = await failure(unwrapFrom(offline, [wrappedKey]), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/gcpKmsKeyring/) });
      expect((await unwrapFrom(keyring({ key: version }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
    }
  });

  it('binds the context by the envelope’s own MAC', async () => {
    const { version } = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
    const [{ pem }] = await kms.getPublicKey({ name: version });
    const offline = gcpKmsOfflineKeyring({ key: version, publicKey: pem ?? '' });
    const envelope = await encrypt(new Uint8Array(3), { keyring: offline, context: { tenant: 'acme' } });
    const recovery = keyring({ key: version });
    expect(await decrypt(envelope, { keyring: recovery, context: { tenant: 'acme' } })).toEqual(new Uint8Array(3));
    sim.requests.reset();
    await failure(decrypt(envelope, { keyring: recovery, context: { tenant: 'umbrella' } }), 'context-mismatch');
    expect(sim.requests.count()).toBe(0);
  });
});

describe('a public key', () => {
  const version = 'projects/acme/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

  it('that is none is refused at once', () => {
    const make = (publicKey: unknown) => (): unknown => gcpKmsOfflineKeyring({ key: version, publicKey: publicKey as string });
    const secret = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const publicKey of ['', 'hello', new Uint8Array(9), undefined, secret, pem + pem]) {
      expect(refusal(make(publicKey), 'options.publicKey')).not.toContain('MII');
    }
    const named = (key: string) => (): unknown => gcpKmsOfflineKeyring({ key, publicKey: pem });
    refusal(named(version.replace('/cryptoKeyVersions/1', '')), 'options.key');
    refusal(named('k'), 'options.key');
  });

  it('that Google Cloud KMS cannot have made says so when it is used', async () => {
    const offline = gcpKmsOfflineKeyring({ key: version, publicKey: pem });
    expect((await failure(wrapOne(offline), 'keyring-failed')).details.reason).toBe('misconfigured');
    const [row] = await offline.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ permitted: { wrap: 'no' }, problem: { reason: 'misconfigured' } });
  });
});
