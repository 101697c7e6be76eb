import { createPrivateKey, createPublicKey } from 'node:crypto';
import { DATA_KEY, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { rawRsaKeyring } from '@keyfold/local-raw';
import type { RsaKeyInput } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { pkcs8, pkcs8Der, rsaPair, spki, spkiDer } from '../support/rsa-keys.js';

const { publicKey, privateKey } = rsaPair();
const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const publicJwk = publicKey.export({ format: 'jwk' });
const privateJwk = privateKey.export({ format: 'jwk' });

type Form = [string, () => RsaKeyInput | Promise<RsaKeyInput>];

const PUBLIC: Form[] = [
  ['PEM', () => spki(publicKey)],
  ['PEM with other text around it', () => `a comment\n\n${spki(publicKey)}\nmore\n`],
  ['PEM with the line ends of Windows', () => spki(publicKey).replaceAll('\n', '\r\n')],
  ['PEM in a file’s bytes', () => Buffer.from(spki(publicKey))],
  ['DER', () => spkiDer(publicKey)],
  ['a JSON Web Key', () => ({ kty: 'RSA', n: publicJwk.n, e: publicJwk.e })],
  ['a JSON Web Key that says what it is for', () => ({ ...publicJwk, alg: 'RSA-OAEP-256', use: 'enc', key_ops: ['encrypt'] })],
  ['a JSON Web Key of WebCrypto', async () =>
    await crypto.subtle.exportKey('jwk', await crypto.subtle.importKey('spki', spkiDer(publicKey), OAEP, true, ['encrypt']))],
  ['a CryptoKey', async () => await crypto.subtle.importKey('spki', spkiDer(publicKey), OAEP, true, ['encrypt'])],
  ['a CryptoKey that is not extractable', async () => await crypto.subtle.importKey('spki', spkiDer(publicKey), OAEP, false, ['encrypt'])],
  ['a KeyObject', () => publicKey],
  ['a KeyObject made of the private key', () => createPublicKey(pkcs8(privateKey))],
];

const PRIVATE: Form[] = [
  ['PEM', () => pkcs8(privateKey)],
  ['PEM in a file’s bytes', () => bytes(pkcs8(privateKey))],
  ['DER', () => pkcs8Der(privateKey)],
  ['a JSON Web Key', () => privateJwk],
  ['a JSON Web Key that says what it is for', () => ({ ...privateJwk, alg: 'RSA-OAEP-256', use: 'enc', key_ops: ['unwrapKey'] })],
  ['a CryptoKey that is extractable', async () => await crypto.subtle.importKey('pkcs8', pkcs8Der(privateKey), OAEP, true, ['decrypt'])],
  ['a KeyObject', () => privateKey],
  ['a KeyObject opened with its passphrase', () => {
    const key = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'tea' });
    return createPrivateKey({ key, passphrase: 'tea' });
  }],
];

const writer = rawRsaKeyring({ name: 'k', publicKey });
const recovery = rawRsaKeyring({ name: 'k', privateKey });
const opened = { keyMaterial: DATA_KEY };

describe('a public key is taken as', () => {
  it.each(PUBLIC)('%s', async (_, form) => {
    const keyring = rawRsaKeyring({ name: 'k', publicKey: await form() });
    expect(await unwrapFrom(recovery, [await wrapOne(keyring)])).toMatchObject(opened);
  });
});

describe('a private key is taken as', () => {
  it.each(PRIVATE)('%s, and wraps too', async (_, form) => {
    const keyring = rawRsaKeyring({ name: 'k', privateKey: await form() });
    expect(await unwrapFrom(keyring, [await wrapOne(writer)])).toMatchObject(opened);
    expect(await unwrapFrom(recovery, [await wrapOne(keyring)])).toMatchObject(opened);
  });

  it('a CryptoKey that is not extractable', async () => {
    const key = await crypto.subtle.importKey('pkcs8', pkcs8Der(privateKey), OAEP, false, ['decrypt']);
    const keyring = rawRsaKeyring({ name: 'k', privateKey: key });
    expect(await unwrapFrom(keyring, [await wrapOne(writer)])).toMatchObject(opened);
  });

  it.each(PRIVATE)('%s, next to the public key', async (_, form) => {
    for (const [, publicForm] of PUBLIC) {
      const keyring = rawRsaKeyring({ name: 'k', publicKey: await publicForm(), privateKey: await form() });
      expect(await unwrapFrom(keyring, [await wrapOne(keyring)])).toMatchObject(opened);
    }
  });

  it.each(PRIVATE)('%s, by many callers at once', async (_, form) => {
    const keyring = rawRsaKeyring({ name: 'k', privateKey: await form() });
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => await unwrapFrom(keyring, [await wrapOne(keyring)])),
    );
    for (const result of results) expect(result).toMatchObject(opened);
  });
});

describe('the caller’s key', () => {
  it('may be wiped once the keyring is made', async () => {
    const [publicDer, privateDer] = [spkiDer(publicKey), pkcs8Der(privateKey)];
    const keyring = rawRsaKeyring({ name: 'k', publicKey: publicDer, privateKey: privateDer });
    publicDer.fill(0);
    privateDer.fill(0);
    expect(await unwrapFrom(keyring, [await wrapOne(keyring)])).toMatchObject(opened);
  });

  it('may change once the keyring is made', async () => {
    const jwk = { ...privateJwk };
    const keyring = rawRsaKeyring({ name: 'k', privateKey: jwk });
    Object.assign(jwk, rsaPair('second').privateKey.export({ format: 'jwk' }));
    expect(await unwrapFrom(keyring, [await wrapOne(keyring)])).toMatchObject(opened);
  });

  it.each(PRIVATE)('is not changed: %s', async (_, form) => {
    const key = await form();
    await wrapOne(rawRsaKeyring({ name: 'k', privateKey: key }));
    expect(await unwrapFrom(rawRsaKeyring({ name: 'k', privateKey: key }), [await wrapOne(writer)])).toMatchObject(opened);
  });
});
