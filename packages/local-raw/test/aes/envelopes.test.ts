import { decrypt, encrypt, inspect } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { rawAesKeyring, rawRsaKeyring, generateAesKey } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { anyOf } from '../support/any-of.js';
import { rsaPair } from '../support/rsa-keys.js';

const plaintext = new TextEncoder().encode('the only copy');
const context = { tenant: 'acme', 'Größe': '7 µm' };

describe('envelopes under an AES key', () => {
  it('open again, and say which key they need', async () => {
    const keyring = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
    const envelope = await encrypt(plaintext, { keyring, context, externalContext: { pin: '0000' } });
    expect(await decrypt(envelope, { keyring, context: { ...context, pin: '0000' } })).toEqual(plaintext);
    expect(inspect(envelope).wrappedKeys).toEqual([
      {
        provider: 'local-raw',
        keyId: 'app-2026',
        keyVersion: '',
        algorithm: 'HKDF-SHA512-AES-256-GCM',
        ciphertextLength: 64,
        pending: false,
      },
    ]);
  });

  it('open with a keyring made later from the same name and key', async () => {
    const key = generateAesKey();
    const envelope = await encrypt(plaintext, { keyring: rawAesKeyring({ name: 'k', key }) });
    expect(await decrypt(envelope, { keyring: rawAesKeyring({ name: 'k', key }) })).toEqual(plaintext);
  });

  it('stay closed with another key of the same name', async () => {
    const envelope = await encrypt(plaintext, { keyring: rawAesKeyring({ name: 'k', key: generateAesKey() }) });
    const error = await failure(
      decrypt(envelope, { keyring: rawAesKeyring({ name: 'k', key: generateAesKey() }) }),
      'unwrap-failed',
    );
    expect(error.details.attempts).toMatchObject([{ provider: 'local-raw', keyring: 'k', keyId: 'k', reason: 'integrity' }]);
  });

  it('name the key that is missing when only another one is at hand', async () => {
    const key = generateAesKey();
    const envelope = await encrypt(plaintext, { keyring: rawAesKeyring({ name: 'app-2026', key }) });
    const error = await failure(decrypt(envelope, { keyring: rawAesKeyring({ name: 'app-2025', key }) }), 'no-matching-key');
    expect(error.message).toContain('local-raw app-2026');
  });

  it('stay closed for another external context value', async () => {
    const keyring = rawAesKeyring({ name: 'k', key: generateAesKey() });
    const envelope = await encrypt(plaintext, { keyring, externalContext: { pin: '0000' } });
    await failure(decrypt(envelope, { keyring, context: { pin: '1111' } }), 'unwrap-failed');
  });
});

describe('several local keys in one envelope', () => {
  it('open it each on its own, found by their names', async () => {
    const first = rawAesKeyring({ name: 'app-2025', key: generateAesKey() });
    const second = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
    const { publicKey, privateKey } = rsaPair();
    const breakGlass = rawRsaKeyring({ name: 'break-glass', publicKey });
    const envelope = await encrypt(plaintext, { keyring: anyOf(second, breakGlass, first), context });
    for (const keyring of [first, second, rawRsaKeyring({ name: 'break-glass', privateKey })]) {
      expect(await decrypt(envelope, { keyring, context })).toEqual(plaintext);
    }
  });

  it('open it together when one of them fails', async () => {
    const wrong = rawAesKeyring({ name: 'a', key: generateAesKey() });
    const right = rawAesKeyring({ name: 'b', key: generateAesKey() });
    const envelope = await encrypt(plaintext, {
      keyring: anyOf(rawAesKeyring({ name: 'a', key: generateAesKey() }), right),
    });
    expect(await decrypt(envelope, { keyring: anyOf(wrong, right) })).toEqual(plaintext);
  });

  it('must not have one name: nothing is written', async () => {
    const keyring = anyOf(
      rawAesKeyring({ name: 'k', key: generateAesKey() }),
      rawAesKeyring({ name: 'k', key: generateAesKey() }),
    );
    await failure(encrypt(plaintext, { keyring }), 'keyring-contract');
  });
});
