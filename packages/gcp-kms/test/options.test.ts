import { refusal } from '@keyfold/keyring-testkit/helpers';
import { gcpKmsKeyring, gcpKmsOfflineKeyring } from '@keyfold/gcp-kms';
import type { GcpKmsClient } from '@keyfold/gcp-kms';
import { describe, expect, it } from 'vitest';

const KEY = 'projects/acme/locations/europe-west3/keyRings/app/cryptoKeys/data';
const client = { encrypt() {}, decrypt() {}, asymmetricDecrypt() {}, getPublicKey() {} } as unknown as GcpKmsClient;
const make = (options: object) => (): unknown => gcpKmsKeyring({ key: KEY, ...options });

describe('the name of a key', () => {
  it.each([
    KEY,
    `${KEY}/cryptoKeyVersions/1`,
    'projects/example.com:acme/locations/global/keyRings/_/cryptoKeys/-',
    `projects/123456789012/locations/eur4/keyRings/${'r'.repeat(63)}/cryptoKeys/${'k'.repeat(63)}`,
  ])('may be %s', (key) => {
    const one = gcpKmsKeyring({ key });
    expect(one).toMatchObject({ specificationVersion: 'keyring-v1', provider: 'gcp-kms', name: key });
    expect(one.keks).toEqual([{ provider: 'gcp-kms', keyId: key.replace('/cryptoKeyVersions/1', '') }]);
  });

  it.each([
    undefined,
    '',
    'data',
    `/${KEY}`,
    `${KEY}/`,
    `${KEY}\n`,
    `${KEY}/cryptoKeyVersions/0`,
    `${KEY}/cryptoKeyVersions/latest`,
    `https://cloudkms.googleapis.com/v1/${KEY}`,
    `//cloudkms.googleapis.com/${KEY}`,
    KEY.replace('data', 'k'.repeat(64)),
    KEY.replace('acme', '../acme'),
    KEY.replace('acme', 'acmé'),
  ])('may not be %j', (key) => {
    expect(refusal(make({ key }), 'options.key')).toContain('cryptoKeys/');
  });
});

describe('options that make no sense', () => {
  it.each([
    ['options.alsoUnwrap', { alsoUnwrap: KEY }],
    ['options.alsoUnwrap', { alsoUnwrap: ['data'] }],
    ['options.timeoutMs', { timeoutMs: 0 }],
    ['options.timeoutMs', { timeoutMs: 2 ** 31 }],
    ['options.timeoutMs', { timeoutMs: NaN }],
    ['options.maxAttempts', { maxAttempts: 0 }],
    ['options.maxAttempts', { maxAttempts: 11 }],
    ['options.client', { client: {} }],
    ['options.client', { client: null }],
    ['options.clientOptions', { clientOptions: 'x' }],
    ['options.clientOptions', { client, clientOptions: {} }],
  ])('%s is refused', (argument, options) => {
    refusal(make(options), argument);
  });

  it('are refused when there are none', () => {
    refusal(() => gcpKmsKeyring(undefined as never), 'options');
    refusal(() => gcpKmsOfflineKeyring(null as never), 'options');
  });
});
