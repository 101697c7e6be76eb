import { decrypt, encrypt, inspect } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { generateAesKey, generateRsaKeyPair, rawAesKeyring, rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { anyOf } from '../support/any-of.js';
import { rsaPair } from '../support/rsa-keys.js';

const plaintext = new TextEncoder().encode('the only copy');
const context = { tenant: 'acme' };

describe('an envelope under a break-glass key', () => {
  it('is written with the public key alone and opened with the private key', async () => {
    const { publicKey, privateKey } = await generateRsaKeyPair();
    const writer = rawRsaKeyring({ name: 'break-glass', publicKey });
    const envelope = await encrypt(plaintext, { keyring: writer, context });
    const recovery = rawRsaKeyring({ name: 'break-glass', privateKey });
    expect(await decrypt(envelope, { keyring: recovery, context })).toEqual(plaintext);
    expect(inspect(envelope).wrappedKeys).toEqual([
      {
        provider: 'local-raw',
        keyId: 'break-glass',
        keyVersion: '',
        algorithm: 'RSA-OAEP-256',
        ciphertextLength: 384,
        pending: false,
      },
    ]);
  });

  it('tells its writer, who has no private key, what is missing', async () => {
    const { publicKey } = rsaPair();
    const keyring = rawRsaKeyring({ name: 'break-glass', publicKey });
    const error = await failure(decrypt(await encrypt(plaintext, { keyring }), { keyring }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'break-glass', reason: 'misconfigured', retryable: false }]);
    expect(error.message).toContain('privateKey');
  });

  it('still opens with an everyday key next to it, whichever comes first', async () => {
    const { publicKey } = rsaPair();
    const everyday = rawAesKeyring({ name: 'app', key: generateAesKey() });
    const writer = rawRsaKeyring({ name: 'break-glass', publicKey });
    for (const keyring of [anyOf(everyday, writer), anyOf(writer, everyday)]) {
      expect(await decrypt(await encrypt(plaintext, { keyring, context }), { keyring, context })).toEqual(plaintext);
    }
  });

  it('stays closed with another private key of the same name, as if it were damaged', async () => {
    const envelope = await encrypt(plaintext, { keyring: rawRsaKeyring({ name: 'k', publicKey: rsaPair().publicKey }) });
    const keyring = rawRsaKeyring({ name: 'k', privateKey: rsaPair('second').privateKey });
    const error = await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'k', reason: 'integrity' }]);
  });

  it('stays closed for another external context value', async () => {
    const keyring = rawRsaKeyring({ name: 'k', ...rsaPair() });
    const envelope = await encrypt(plaintext, { keyring, externalContext: { pin: '0000' } });
    expect(await decrypt(envelope, { keyring, context: { pin: '0000' } })).toEqual(plaintext);
    await failure(decrypt(envelope, { keyring, context: { pin: '1111' } }), 'unwrap-failed');
  });
});
