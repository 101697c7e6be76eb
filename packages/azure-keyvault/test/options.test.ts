import { azureKeyVaultKeyring, azureKeyVaultOfflineKeyring } from '@keyfold/azure-keyvault';
import type { AzureKeyVaultKeyringOptions } from '@keyfold/azure-keyvault';
import { refusal } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';

const KEY = 'https://acme.vault.azure.net/keys/app';
const VERSION = '0123456789abcdef0123456789abcdef';
const make = (options: object) => (): unknown => azureKeyVaultKeyring({ key: KEY, ...options });

describe('the identifier of a key', () => {
  it.each([
    KEY,
    `${KEY}/${VERSION}`,
    'https://acme.vault.azure.cn/keys/app',
    'https://acme.vault.usgovcloudapi.net/keys/app',
    'https://acme.vault.microsoftazure.de/keys/app',
    'https://acme.vault.sovcloud-api.fr/keys/app',
    'https://acme.vault.sovcloud-api.de/keys/app',
    'https://acme.managedhsm.azure.net/keys/app',
    'https://westeurope.acme.managedhsm.azure.net/keys/app',
    'https://acme.managedhsm.azure.cn/keys/app',
    'https://acme.managedhsm.usgovcloudapi.net/keys/app',
    'https://acme.managedhsm.microsoftazure.de/keys/app',
    `https://acme-2-b.vault.azure.net/keys/${'k'.repeat(127)}`,
  ])('may be %s', (key) => {
    const one = azureKeyVaultKeyring({ key });
    expect(one).toMatchObject({ specificationVersion: 'keyring-v1', provider: 'azure-keyvault', name: key });
    expect(one.keks).toEqual([{ provider: 'azure-keyvault', keyId: key.replace(`/${VERSION}`, '') }]);
  });

  it('is stored in lower case', () => {
    const one = azureKeyVaultKeyring({ key: 'https://Acme.Vault.Azure.Net/keys/App' });
    expect(one).toMatchObject({ name: KEY, keks: [{ keyId: KEY }] });
  });

  it.each([
    undefined,
    '',
    'app',
    'https://acme.vault.azure.net',
    'https://acme.vault.azure.net/',
    'https://acme.vault.azure.net/secrets/app',
    'http://acme.vault.azure.net/keys/app',
    `${KEY}/`,
    `${KEY}\n`,
    ` ${KEY}`,
    `${KEY}?x=1`,
    `${KEY}#x`,
    `${KEY}/latest`,
    `${KEY}/${VERSION}/`,
    `${KEY}/${VERSION}0`,
    KEY.replace('app', 'a_p'),
    KEY.replace('app', 'k'.repeat(128)),
    KEY.replace('app', '..'),
    KEY.replace('app', '%61pp'),
    'https://user@acme.vault.azure.net/keys/app',
    'https://user:password@acme.vault.azure.net/keys/app',
    'https://acme.vault.azure.net\\keys/app',
    'https://acme.vault.аzure.net/keys/app',
    // The Kelvin sign, whose lower case is k.
    'https://acme.vault.azure.net/keys/\u212Aey',
  ])('may not be %j', (key) => {
    expect(refusal(make({ key }), 'options.key')).toContain('keys/<name>');
  });

  it.each([
    'https://evil.example/keys/app',
    'https://acme.vault.azure.net.evil.example/keys/app',
    'https://vault.azure.net/keys/app',
    'https://managedhsm.azure.net/keys/app',
    'https://a.acme.vault.azure.net/keys/app',
    'https://a.b.acme.managedhsm.azure.net/keys/app',
    'https://acmevault.azure.net/keys/app',
    'https://acme.notvault.azure.net/keys/app',
    'https://acme.vault.azure.net./keys/app',
    'https://.vault.azure.net/keys/app',
    'https://-acme.vault.azure.net/keys/app',
    'https://acme..vault.azure.net/keys/app',
    'https://acme.vault.azure.net:443/keys/app',
    'https://acme.vault.azure.net:8443/keys/app',
    'https://acme.vault.xn--zure-33d.net/keys/app',
    'https://acme.vault.cloudapi.net/keys/app',
    'https://acme.blob.core.windows.net/keys/app',
    'https://127.0.0.1:8443/keys/app',
    'https://localhost/keys/app',
    'https://169.254.169.254/keys/app',
  ])('may not be on a host that is not Azure’s, such as %s, unless that is trusted', (key) => {
    expect(refusal(make({ key }), 'options.key')).toContain('trustedHosts');
    expect(refusal(make({ alsoUnwrap: [key] }), 'options.alsoUnwrap')).toContain('trustedHosts');
    expect(refusal(make({ key, trustedHosts: ['another.example'] }), 'options.key')).toContain('trustedHosts');
  });

  it('may be on a host that is trusted, with that port', () => {
    const trustedHosts = ['LocalHost:8443', 'keys.corp.example'];
    for (const key of ['https://localhost:8443/keys/app', 'https://keys.corp.example/keys/app']) {
      expect(azureKeyVaultKeyring({ key, trustedHosts }).name).toBe(key);
    }
    for (const key of ['https://localhost/keys/app', 'https://localhost:8444/keys/app', 'https://keys.corp.example:443/keys/app']) {
      refusal(make({ key, trustedHosts }), 'options.key');
    }
  });
});

describe('options that make no sense', () => {
  const client = (): never => {
    throw new Error('No client is made here.');
  };
  it.each<[string, { readonly [Name in keyof AzureKeyVaultKeyringOptions]?: unknown }]>([
    ['options.algorithm', { algorithm: 'RSA-OAEP' }],
    ['options.algorithm', { algorithm: 'toString' }],
    ['options.alsoUnwrap', { alsoUnwrap: KEY }],
    ['options.alsoUnwrap', { alsoUnwrap: ['app'] }],
    ['options.trustedHosts', { trustedHosts: 'localhost' }],
    ['options.trustedHosts', { trustedHosts: ['https://localhost'] }],
    ['options.trustedHosts', { trustedHosts: ['user@localhost'] }],
    ['options.trustedHosts', { trustedHosts: ['*'] }],
    ['options.trustedHosts', { trustedHosts: ['localhost.'] }],
    ['options.trustedHosts', { trustedHosts: [7] }],
    ['options.timeoutMs', { timeoutMs: 0 }],
    ['options.timeoutMs', { timeoutMs: 2 ** 31 }],
    ['options.timeoutMs', { timeoutMs: NaN }],
    ['options.maxAttempts', { maxAttempts: 0 }],
    ['options.maxAttempts', { maxAttempts: 11 }],
    ['options.client', { client: {} }],
    ['options.client', { client: null }],
    ['options.credential', { credential: {} }],
    ['options.credential', { credential: null }],
    ['options.credential', { client, credential: { getToken: client } }],
    ['options.clientOptions', { clientOptions: 'x' }],
    ['options.clientOptions', { client, clientOptions: {} }],
  ])('%s is refused', (argument, options) => {
    refusal(make(options), argument);
  });

  it('are refused when there are none', () => {
    refusal(() => azureKeyVaultKeyring(undefined as never), 'options');
    refusal(() => azureKeyVaultOfflineKeyring(null as never), 'options');
  });
});
