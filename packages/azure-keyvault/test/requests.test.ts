/** What is sent, and what never is. */
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import type { WrappedKey } from '@keyfold/core/keyring';
import { like } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostOf, simulated, versionOf } from './support/simulated.js';
import { watched } from './support/watched.js';

const { sim, keyring } = await simulated();
const rsa = await sim.azure.createKey({ name: 'app' });
const aes = await sim.azure.createKey({ vault: 'hsm', name: 'app', kty: 'oct-HSM' });
const host = hostOf(rsa.id);
const operations = (): string[] => sim.requests.list().map(({ operation }) => operation);

beforeEach(() => {
  sim.requests.reset();
});

describe.each([
  ['RSA-OAEP-256', rsa, 256],
  ['A256KW', aes, 40],
] as const)('%s', (algorithm, { id, keyId }, length) => {
  it('sends the data key to the key, what came back to its version, and nothing else', async () => {
    const { options, sent } = watched(sim.azure.clientOptions());
    const one = keyring({ key: keyId, algorithm, clientOptions: options });
    const wrappedKey = await wrapOne(one, { tenant: 'acme' });
    expect(wrappedKey).toMatchObject({ provider: 'azure-keyvault', keyId, keyVersion: versionOf(id), algorithm });
    expect(wrappedKey.ciphertext).toHaveLength(length);
    expect((await unwrapFrom(one, [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
    const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
    expect(sent.map(({ method, url, hasToken, body }) => [method, `${url.origin}${url.pathname}`, hasToken, body])).toEqual([
      ['POST', `${keyId}//wrapkey`, false, {}],
      ['POST', `${keyId}//wrapkey`, true, { alg: algorithm, value: base64url(DATA_KEY) }],
      ['POST', `${id}/unwrapkey`, false, {}],
      ['POST', `${id}/unwrapkey`, true, { alg: algorithm, value: base64url(wrappedKey.ciphertext) }],
    ]);
  });

  it('makes one request for each wrap and each unwrap, and none of its own', async () => {
    const one = keyring({ key: keyId, algorithm });
    const wrapped: WrappedKey[] = [];
    for (let i = 0; i < 5; i += 1) wrapped.push(await wrapOne(one));
    for (const wrappedKey of wrapped) await unwrapFrom(one, [wrappedKey]);
    expect(operations()).toEqual(['Challenge', ...Array<string>(5).fill('WrapKey'), 'Challenge', ...Array<string>(5).fill('UnwrapKey')]);
  });

  it('opens what anyone wraps by the specification alone', async () => {
    const client = new CryptographyClient(id, sim.azure.credential, sim.azure.clientOptions());
    const { result: ciphertext } = await client.wrapKey(algorithm, DATA_KEY);
    const wrappedKey: WrappedKey = { provider: 'azure-keyvault', keyId, keyVersion: versionOf(id), algorithm, ciphertext };
    expect((await unwrapFrom(keyring({ key: keyId }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  });
});

it('with clients of the caller every wrap reaches the service, too, after one request for the key', async () => {
  const client = (id: string): CryptographyClient => new CryptographyClient(id, sim.azure.credential, sim.azure.clientOptions());
  const one = keyring({ key: rsa.keyId, client });
  for (let i = 0; i < 3; i += 1) await wrapOne(one);
  expect(operations()).toEqual(['Challenge', 'GetKey', 'WrapKey', 'WrapKey', 'WrapKey']);
});

it('names are taken without regard to case, and stored in lower case', async () => {
  const { keyId, name, id } = await sim.azure.createKey({ name: 'MiXed-Case' });
  const wrappedKey = await wrapOne(keyring({ key: keyId.toUpperCase().replace('HTTPS', 'https').replace('/KEYS/', '/keys/') }));
  expect(wrappedKey).toMatchObject({ keyId: keyId.toLowerCase(), keyVersion: versionOf(id) });
  expect(wrappedKey.keyId).not.toContain(name);
  expect((await unwrapFrom(keyring({ key: keyId }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
});

describe('no request is made', () => {
  const { keyId } = rsa;
  it.each([
    ['another vault', keyId.replace(host, 'acme.vault.azure.net')],
    ['another name', `${keyId}2`],
    ['another port', keyId.replace(host, '127.0.0.1:1')],
    ['no port', keyId.replace(host, '127.0.0.1')],
    ['user-info', keyId.replace('https://', `https://${host}@`)],
    ['the host as user-info', `https://${host}@evil.example/keys/app`],
    ['the host as user and password', `https://${host.replace(':', '%3a')}:x@evil.example/keys/app`],
    ['a look-alike suffix', keyId.replace(host, `${host}.evil.example`)],
    ['a suffix of Azure within', 'https://acme.vault.azure.net.evil.example/keys/app'],
    ['a trailing dot', keyId.replace('127.0.0.1', '127.0.0.1.')],
    ['another spelling of the address', keyId.replace('127.0.0.1', '127.1')],
    ['a decimal address', keyId.replace('127.0.0.1', '2130706433')],
    ['a percent-encoded host', keyId.replace('127.0.0.1', '%3127.0.0.1')],
    ['a percent-encoded name', keyId.replace('/app', '/%61pp')],
    ['a percent-encoded slash', keyId.replace('/keys/', '/keys%2f')],
    ['full-width digits', keyId.replace('127', '１２７')],
    ['an ideographic full stop', keyId.replace('127.0', '127。0')],
    ['an internationalised host', 'https://acme.vаult.azure.net/keys/app'],
    ['punycode', 'https://acme.xn--vult-5cd.azure.net/keys/app'],
    ['upper case', keyId.toUpperCase()],
    ['another scheme', keyId.replace('https:', 'http:')],
    ['a backslash', keyId.replace('/keys/', '\\keys/')],
    ['dots', `${keyId}/../app`],
    ['a version', rsa.id],
    ['a query', `${keyId}?api-version=7.5`],
    ['a fragment', `${keyId}#app`],
    ['white space', ` ${keyId}`],
    ['a line break', `${keyId}\n`],
    ['another script', keyId.replace('app', 'арр')],
    ['a secret', keyId.replace('/keys/', '/secrets/')],
  ])('for a key id with %s', async (_what, foreign) => {
    const wrappedKey = await wrapOne(keyring({ key: keyId }));
    sim.requests.reset();
    expect(foreign).not.toBe(keyId);
    expect(await unwrapFrom(keyring({ key: keyId }), [{ ...wrappedKey, keyId: foreign }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it.each([
    '',
    '1',
    'f'.repeat(31),
    'f'.repeat(33),
    'F'.repeat(32),
    `${'f'.repeat(31)}/`,
    `${'f'.repeat(29)}/..`,
    `${'f'.repeat(31)}?`,
    `${'f'.repeat(29)}%2f`,
    `${'f'.repeat(31)}１`,
    `${'f'.repeat(32)}\n`,
  ])('for the version %j', async (keyVersion) => {
    const wrappedKey = await wrapOne(keyring({ key: rsa.keyId }));
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: rsa.keyId }), [{ ...wrappedKey, keyVersion }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it.each(['RSA-OAEP', 'RSA1_5', 'A128KW', 'RSA-OAEP-256 ', '__proto__'])('for the algorithm %s', async (algorithm) => {
    const wrappedKey = await wrapOne(keyring({ key: rsa.keyId }));
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: rsa.keyId }), [{ ...wrappedKey, algorithm }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it.each([
    ['RSA-OAEP-256', 0],
    ['RSA-OAEP-256', 255],
    ['RSA-OAEP-256', 40],
    ['A256KW', 39],
    ['A256KW', 256],
  ])('for %s with %i bytes', async (algorithm, length) => {
    const wrappedKey = { ...(await wrapOne(keyring({ key: rsa.keyId }))), algorithm, ciphertext: new Uint8Array(length) };
    sim.requests.reset();
    expect((await failure(unwrapFrom(keyring({ key: rsa.keyId }), [wrappedKey]), 'keyring-failed')).details.reason).toBe('corrupt');
    expect(sim.requests.count()).toBe(0);
  });
});

describe('a redirect', () => {
  it.each([
    ['another host', 307, 'https://evil.example/keys/app/wrapkey'],
    ['another host', 303, 'https://evil.example/keys/app/wrapkey'],
    ['plain HTTP', 307, `http://${host}/keys/app/wrapkey`],
    ['another key of the same vault', 307, `https://${host}/keys/other//wrapkey?api-version=7.6`],
  ])('to %s (%i) is not followed', async (_where, status, location) => {
    const { options, sent } = watched(sim.azure.clientOptions(), (answer, { hasToken }) => {
      if (hasToken) answer.headers.set('location', location);
      return hasToken ? { ...answer, status } : answer;
    });
    const { details, message } = await failure(wrapOne(keyring({ key: rsa.keyId, clientOptions: options })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'misconfigured', retryable: false });
    expect(message).toContain('redirect');
    expect(sent.map(({ url }) => url.host)).toEqual([host, host]);
  });
});

describe('an answer', () => {
  it.each([
    ['of another key', `https://${host}/keys/other/${versionOf(rsa.id)}`],
    ['of another vault', `https://acme.vault.azure.net/keys/app/${versionOf(rsa.id)}`],
    ['without a version', rsa.keyId],
    ['with more than a version', `${rsa.id}/x`],
    ['without a key', undefined],
    ['with a number for a key', 7],
  ])('%s is refused', async (_what, kid) => {
    const { options } = watched(sim.azure.clientOptions(), (answer, { hasToken }) => {
      const { value } = JSON.parse(answer.bodyAsText ?? '{}') as { readonly value?: string };
      return hasToken ? { ...answer, bodyAsText: JSON.stringify({ kid, value }) } : answer;
    });
    const { details } = await failure(wrapOne(keyring({ key: rsa.keyId, clientOptions: options })), 'keyring-failed');
    expect(details).toMatchObject({ reason: 'integrity', remedy: like(/Azure Key Vault itself/) });
  });

  it('of another version than the one that was asked for is refused', async () => {
    const next = await sim.azure.createKey({ name: 'versions' });
    const wrappedKey = await wrapOne(keyring({ key: next.keyId }));
    const { options } = watched(sim.azure.clientOptions(), (answer, { hasToken }) => {
      const text = answer.bodyAsText?.replace(next.version, '0'.repeat(32)) ?? '';
      return hasToken ? { ...answer, bodyAsText: text } : answer;
    });
    const other = keyring({ key: next.keyId, clientOptions: options });
    expect((await failure(unwrapFrom(other, [wrappedKey]), 'keyring-failed')).details.reason).toBe('integrity');
    expect((await failure(wrapOne(keyring({ key: next.id, clientOptions: options })), 'keyring-failed')).details.reason).toBe('integrity');
  });

  it.each([
    ['empty', ''],
    ['a list', '[]'],
    ['no object', '"AAAA"'],
    ['without a value', `{"kid":"${rsa.id}"}`],
    ['with an empty value', `{"kid":"${rsa.id}","value":""}`],
    ['with a wrapped key that is too short', `{"kid":"${rsa.id}","value":"AAAA"}`],
  ])('that is %s is refused', async (_what, bodyAsText) => {
    const { options } = watched(sim.azure.clientOptions(), (answer, { hasToken }) => (hasToken ? { ...answer, bodyAsText } : answer));
    expect((await failure(wrapOne(keyring({ key: rsa.keyId, clientOptions: options })), 'keyring-failed')).details.reason).toBe('integrity');
  });
});

it('the key is not needed by the keyring, nor the permission to get it', async () => {
  const fault = sim.faults.inject({ kind: 'access-denied', operation: ['GetKey'] });
  const one = keyring({ key: rsa.keyId });
  await unwrapFrom(one, [await wrapOne(one)]);
  await expect(new KeyClient(rsa.vaultUrl, sim.azure.credential, sim.azure.clientOptions()).getKey('app')).rejects.toThrow(/not allowed/);
  fault.clear();
});
