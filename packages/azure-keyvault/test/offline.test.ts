import { generateKeyPairSync } from 'node:crypto';
import { decrypt, encrypt } from '@keyfold/core';
import { azureKeyVaultOfflineKeyring } from '@keyfold/azure-keyvault';
import { like } from '@keyfold/dev/testing';
import { DATA_KEY, failure, refusal, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { publicKeyOf } from './support/public-key.js';
import { hostOf, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const trustedHosts = [hostOf(sim.azure.vaultUrl())];

describe('wrapping offline', () => {
  it.each([2048, 3072, 4096])('under a key of %i bits is opened by the recovery alone', async (size) => {
    const { id, keyId, version } = await sim.azure.createKey({ size });
    const pem = await publicKeyOf(sim, id);
    const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64');
    for (const publicKey of [pem, der]) {
      sim.requests.reset();
      const offline = azureKeyVaultOfflineKeyring({ key: id, publicKey, trustedHosts });
      const wrappedKey = await wrapOne(offline);
      expect(wrappedKey).toMatchObject({ keyId, keyVersion: version, algorithm: 'RSA-OAEP-256' });
      expect(wrappedKey.ciphertext).toHaveLength(size / 8);
      expect(sim.requests.count()).toBe(0);
      const { details } = await failure(unwrapFrom(offline, [wrappedKey]), 'keyring-failed');
      expect(details).toMatchObject({ reason: 'misconfigured', remedy: like(/azureKeyVaultKeyring/) });
      expect((await unwrapFrom(keyring({ key: keyId }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
    }
  });

  it('binds the context by the envelope’s own MAC', async () => {
    const { id } = await sim.azure.createKey();
    const offline = azureKeyVaultOfflineKeyring({ key: id, publicKey: await publicKeyOf(sim, id), trustedHosts });
    const envelope = await encrypt(new Uint8Array(3), { keyring: offline, context: { tenant: 'acme' } });
    const recovery = keyring({ key: id });
    expect(await decrypt(envelope, { keyring: recovery, context: { tenant: 'acme' } })).toEqual(new Uint8Array(3));
    sim.requests.reset();
    await failure(decrypt(envelope, { keyring: recovery, context: { tenant: 'umbrella' } }), 'context-mismatch');
    expect(sim.requests.count()).toBe(0);
  });
});

describe('a public key', () => {
  const key = `https://acme.vault.azure.net/keys/app/${'a1'.repeat(16)}`;
  const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

  it('that is none is refused at once', () => {
    const make = (publicKey: unknown) => (): unknown => azureKeyVaultOfflineKeyring({ key, publicKey: publicKey as string });
    const secret = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const publicKey of ['', 'hello', new Uint8Array(9), undefined, secret, pem + pem]) {
      expect(refusal(make(publicKey), 'options.publicKey')).not.toContain('MII');
    }
  });

  it('is of a version, in a cloud of Azure or on a host that is trusted', () => {
    const named = (id: string, hosts?: readonly string[]) => (): unknown =>
      azureKeyVaultOfflineKeyring({ key: id, publicKey: pem, ...(hosts && { trustedHosts: hosts }) });
    expect(named(key)()).toMatchObject({ name: key, keks: [{ keyId: 'https://acme.vault.azure.net/keys/app' }] });
    expect(refusal(named('https://acme.vault.azure.net/keys/app'), 'options.key')).toContain('<version>');
    const elsewhere = key.replace('azure.net', 'evil.example');
    expect(refusal(named(elsewhere), 'options.key')).toContain('trustedHosts');
    expect(named(elsewhere, ['acme.vault.evil.example'])()).toMatchObject({ name: elsewhere });
    refusal(named(key, ['https://acme']), 'options.trustedHosts');
    refusal(named('app'), 'options.key');
  });

  it('that Azure Key Vault cannot have made says so when it is used', async () => {
    const offline = azureKeyVaultOfflineKeyring({ key, publicKey: pem });
    expect((await failure(wrapOne(offline), 'keyring-failed')).details.reason).toBe('misconfigured');
    const [row] = await offline.check({ signal: new AbortController().signal });
    expect(row).toMatchObject({ permitted: { wrap: 'no' }, problem: { reason: 'misconfigured' } });
  });
});
