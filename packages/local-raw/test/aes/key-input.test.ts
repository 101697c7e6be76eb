import { createSecretKey, randomBytes, webcrypto } from 'node:crypto';
import { DATA_KEY, refusal, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { encodeAesKey, generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import type { AesKeyInput } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../support/rsa-keys.js';

const KEY = Uint8Array.from({ length: 32 }, (_, i) => i + 100);
const { subtle } = webcrypto;
const importAs = async (algorithm: string, extractable: boolean, usages: webcrypto.KeyUsage[], key = KEY): Promise<CryptoKey> =>
  await subtle.importKey('raw', key, algorithm, extractable, usages);

const FORMS: [string, () => AesKeyInput | Promise<AesKeyInput>][] = [
  ['32 bytes', () => KEY],
  ['a Buffer', () => Buffer.from(KEY)],
  ['a view into other bytes', () => Uint8Array.of(1, 2, ...KEY, 3).subarray(2, 34)],
  ['bytes in shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(32));
    shared.set(KEY);
    return shared;
  }],
  ['its text form', () => encodeAesKey(KEY)],
  ['its text form as a file holds it', () => `${encodeAesKey(KEY)}\n`],
  ['a JSON Web Key', () => ({ kty: 'oct', k: Buffer.from(KEY).toString('base64url') })],
  ['a JSON Web Key of WebCrypto', async () => await subtle.exportKey('jwk', await importAs('AES-GCM', true, ['encrypt']))],
  ['a JSON Web Key of node:crypto', () => createSecretKey(KEY).export({ format: 'jwk' })],
  ['a CryptoKey for HKDF', async () => await importAs('HKDF', false, ['deriveBits'])],
  ['a CryptoKey for AES-GCM', async () => await importAs('AES-GCM', true, ['encrypt', 'decrypt'])],
  ['a CryptoKey for AES-KW', async () => await importAs('AES-KW', true, ['wrapKey'])],
  ['a secret KeyObject', () => createSecretKey(KEY)],
];

describe('an AES key is taken as', () => {
  it.each(FORMS)('%s', async (_, form) => {
    const same = rawAesKeyring({ name: 'k', key: KEY });
    const keyring = rawAesKeyring({ name: 'k', key: await form() });
    expect(await unwrapFrom(keyring, [await wrapOne(same, { a: 'b' })], { a: 'b' })).toMatchObject({ keyMaterial: DATA_KEY });
    expect(await unwrapFrom(same, [await wrapOne(keyring, { a: 'b' })], { a: 'b' })).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it.each(FORMS)('%s, by many callers at once', async (_, form) => {
    const keyring = rawAesKeyring({ name: 'k', key: await form() });
    const wrapped = await Promise.all(Array.from({ length: 8 }, async () => await wrapOne(keyring)));
    const opened = await Promise.all(wrapped.map(async (wrappedKey) => await unwrapFrom(keyring, [wrappedKey])));
    expect(opened.map((result) => result?.keyMaterial)).toEqual(Array.from({ length: 8 }, () => DATA_KEY));
  });
});

describe('the caller’s key', () => {
  it('may be wiped once the keyring is made', async () => {
    const key = KEY.slice();
    const keyring = rawAesKeyring({ name: 'k', key });
    key.fill(0);
    expect(await unwrapFrom(rawAesKeyring({ name: 'k', key: KEY }), [await wrapOne(keyring)])).not.toBeNull();
  });

  it.each(FORMS)('is not changed: %s', async (_, form) => {
    const key = await form();
    await wrapOne(rawAesKeyring({ name: 'k', key }));
    const again = rawAesKeyring({ name: 'k', key });
    expect(await unwrapFrom(rawAesKeyring({ name: 'k', key: KEY }), [await wrapOne(again)])).not.toBeNull();
  });
});

describe('an AES key is refused at the call', () => {
  const k = Buffer.from(KEY).toString('base64url');
  const refused: [string, () => unknown, RegExp][] = [
    ['nothing', () => undefined, /KeyObject/],
    ['null', () => null, /KeyObject/],
    ['a number', () => 7, /KeyObject/],
    ['an object of no known kind', () => ({}), /KeyObject/],
    ['an object that only exports', () => ({ export: () => KEY.slice() }), /KeyObject/],
    ['an ArrayBuffer', () => KEY.buffer, /KeyObject/],
    ['31 bytes', () => KEY.subarray(1), /not 31/],
    ['33 bytes', () => Uint8Array.of(0, ...KEY), /not 33/],
    ['16 bytes', () => KEY.subarray(16), /not 16/],
    ['zeros', () => new Uint8Array(32), /wiped/],
    ['text that is no key', () => 'correct horse battery staple', /keyfold-aes256-key:/],
    ['hexadecimal', () => Buffer.from(KEY).toString('hex'), /Buffer\.from\(text, 'hex'\)/],
    ['base64', () => Buffer.from(KEY).toString('base64'), /Buffer\.from\(text, 'base64'\)/],
    ['base64url', () => k, /Buffer\.from\(text, 'base64'\)/],
    ['an envelope in its text form', () => 'keyfold1.S0VZRk9MRAE', /envelope/],
    ['a JSON Web Key of another type', () => ({ kty: 'RSA', k }), /kty is "oct"/],
    ['a JSON Web Key without k', () => ({ kty: 'oct' }), /member k/],
    ['a JSON Web Key with padding', () => ({ kty: 'oct', k: `${k}=` }), /member k/],
    ['a JSON Web Key of 128 bits', () => ({ kty: 'oct', k: k.slice(0, 22) }), /not 16/],
    ['a JSON Web Key for HMAC', () => ({ kty: 'oct', k, alg: 'HS256' }), /alg must be/],
    ['a JSON Web Key for another algorithm', () => ({ kty: 'oct', k, alg: 'ECDH-ES+A256KW' }), /alg must be/],
    ['a JSON Web Key for signatures', () => ({ kty: 'oct', k, use: 'sig' }), /use must be/],
    ['a secret KeyObject of 128 bits', () => createSecretKey(KEY.subarray(16)), /not 16/],
    ['a public KeyObject', () => rsaPair().publicKey, /not a public one/],
    ['a private KeyObject', () => rsaPair().privateKey, /not a private one/],
    ['an AES CryptoKey that is not extractable', async () => await importAs('AES-GCM', false, ['encrypt']), /'HKDF'/],
    ['an AES CryptoKey of 128 bits', async () => await importAs('AES-GCM', true, ['encrypt'], KEY.subarray(16)), /256-bit/],
    ['an HKDF CryptoKey that derives keys only', async () => await importAs('HKDF', false, ['deriveKey']), /deriveBits/],
    ['a PBKDF2 CryptoKey', async () => await importAs('PBKDF2', false, ['deriveBits']), /HKDF/],
  ];
  it.each(refused)('%s', async (_, form, advice) => {
    const key = (await form()) as AesKeyInput;
    expect(refusal(() => rawAesKeyring({ name: 'k', key }), 'options.key')).toMatch(advice);
  });

  it.each([undefined, null, 'k', 3])('without options: %s', (options) => {
    expect(refusal(() => rawAesKeyring(options as never), 'options')).toContain('rawAesKeyring({');
  });
});

describe('a name', () => {
  it.each(['a', '!', '~', 'x'.repeat(255), 'arn:made/up_name@2026'])('may be %s', async (name) => {
    const keyring = rawAesKeyring({ name, key: KEY });
    expect(keyring.name).toBe(name);
    expect(await wrapOne(keyring)).toMatchObject({ keyId: name });
  });

  it.each([undefined, null, 7, '', 'x'.repeat(256), 'two words', 'tab\t', 'line\n', 'Schlüssel', '\u007f', 'k\0'])(
    'must not be %j',
    (name) => {
      expect(refusal(() => rawAesKeyring({ name: name as string, key: KEY }), 'options.name')).toContain('ASCII');
    },
  );
});

describe('generateAesKey', () => {
  it('gives 32 bytes, others each time', () => {
    const keys = Array.from({ length: 100 }, () => generateAesKey());
    expect(keys.every((key) => key.length === 32 && Object.getPrototypeOf(key) === Uint8Array.prototype)).toBe(true);
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(100);
  });

  it('gives a key of its own, which wiping another one leaves alone', () => {
    const [first, second] = [generateAesKey(), generateAesKey()];
    const before = second.slice();
    first.fill(0);
    expect(second).toEqual(before);
    expect(randomBytes(32).equals(second)).toBe(false);
  });
});
