import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { isKeyfoldError } from '@keyfold/core';
import { refusal } from '@keyfold/keyring-testkit/helpers';
import { rawRsaKeyring } from '@keyfold/local-raw';
import type { RsaKeyInput } from '@keyfold/local-raw';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pkcs8, pkcs8Der, rsaPair, spki, spkiDer } from '../support/rsa-keys.js';

const { publicKey, privateKey } = rsaPair();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const publicJwk = publicKey.export({ format: 'jwk' });
const privateJwk = privateKey.export({ format: 'jwk' });
const cryptoKeys = async (hash = 'SHA-256', name = 'RSA-OAEP', modulusLength = 2048, usages: KeyUsage[] = ['encrypt', 'decrypt']): Promise<CryptoKeyPair> =>
  await crypto.subtle.generateKey({ name, hash, modulusLength, publicExponent: Uint8Array.of(1, 0, 1) }, true, usages);
const base64url = (...numbers: number[]): string => Buffer.from(numbers).toString('base64url');

type Refused = [string, () => unknown, RegExp];

const PUBLIC: Refused[] = [
  ['nothing at all', () => undefined, /or both/],
  ['null', () => null, /PEM/],
  ['a number', () => 1, /PEM/],
  ['an ArrayBuffer', () => spkiDer(publicKey).buffer, /PEM/],
  ['text that is no PEM', () => 'ssh', /BEGIN PUBLIC KEY/],
  ['an OpenSSH public key in a file', () => '\n ssh-rsa AAAAB3NzaC1yc2E user@host\n', /ssh-keygen -e -m PKCS8/],
  ['an OpenSSH public key', () => 'ssh-rsa AAAAB3NzaC1yc2E user@host', /ssh-keygen -e -m PKCS8/],
  ['PKCS#1 PEM', () => publicKey.export({ type: 'pkcs1', format: 'pem' }), /openssl rsa -RSAPublicKey_in/],
  ['PKCS#1 DER', () => publicKey.export({ type: 'pkcs1', format: 'der' }), /openssl rsa -RSAPublicKey_in/],
  ['a certificate', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /openssl x509/],
  ['another PEM block', () => '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----', /X509 CRL/],
  ['PEM without its end', () => spki(publicKey).slice(0, -20), /no matching end/],
  ['PEM with another end', () => spki(publicKey).replace('END PUBLIC', 'END PRIVATE'), /no matching end/],
  ['PEM that is not base64', () => spki(publicKey).replace(/\nM/, '\n*'), /base64/],
  ['two PEM blocks', () => spki(publicKey) + spki(rsaPair('second').publicKey), /2 PEM blocks/],
  ['no bytes', () => new Uint8Array(0), /BEGIN PUBLIC KEY/],
  ['DER without its end', () => spkiDer(publicKey).subarray(0, -1), /end is missing/],
  ['a private key in PEM', () => pkcs8(privateKey), /openssl pkey -in private.pem -pubout/],
  ['a private key in DER', () => pkcs8Der(privateKey), /private key/],
  ['a private KeyObject', () => privateKey, /private key/],
  ['a private JSON Web Key', () => privateJwk, /private key/],
  ['a private CryptoKey', async () => (await cryptoKeys()).privateKey, /private key/],
  ['a secret KeyObject', async () => (await import('node:crypto')).createSecretKey(new Uint8Array(32)), /secret key/],
  ['an EC key in PEM', () => spki(ec.publicKey), /EC, Ed25519/],
  ['an EC KeyObject', () => ec.publicKey, /EC, Ed25519/],
  ['an Ed25519 key', () => ed25519.publicKey, /EC, Ed25519/],
  ['an RSA-PSS key', () => pss.publicKey, /RSA-PSS/],
  ['1024 bits', () => rsaPair('weak', 1024).publicKey, /1024 bits/],
  ['2040 bits', () => spki(rsaPair('weak', 2040).publicKey), /2040 bits/],
  ['4104 bits', () => ({ ...publicJwk, n: base64url(0xff, ...new Array<number>(512).fill(0xff)) }), /4104 bits/],
  ['a JSON Web Key of 2047 bits', () => ({ ...publicJwk, n: base64url(0x7f, ...new Array<number>(255).fill(0xff)) }), /2047 bits/],
  ['a JSON Web Key of 1024 bits in zeros', () => ({ ...publicJwk, n: base64url(...new Array<number>(128).fill(0), ...new Array<number>(128).fill(0xff)) }), /1024 bits/],
  ['an even modulus', () => ({ ...publicJwk, n: base64url(...new Array<number>(255).fill(0xff), 0xfe) }), /modulus .* even/],
  ['an even exponent', () => ({ ...publicJwk, e: base64url(1, 0, 0) }), /exponent/],
  ['the exponent 1', () => ({ ...publicJwk, e: base64url(1) }), /exponent/],
  ['the exponent 1 in zeros', () => ({ ...publicJwk, e: base64url(0, 0, 1) }), /exponent/],
  ['the exponent 0', () => ({ ...publicJwk, e: base64url(0) }), /exponent/],
  ['an exponent of 9 bytes', () => ({ ...publicJwk, e: base64url(1, 0, 0, 0, 0, 0, 0, 0, 1) }), /exponent/],
  ['a JSON Web Key without n', () => ({ kty: 'RSA', e: 'AQAB' }), /member n/],
  ['a JSON Web Key without e', () => ({ kty: 'RSA', n: publicJwk.n }), /member e/],
  ['a JSON Web Key with base64', () => ({ ...publicJwk, e: 'AQAB==' }), /member e/],
  ['a JSON Web Key of another type', () => ec.publicKey.export({ format: 'jwk' }), /kty is "RSA"/],
  ['a JSON Web Key for SHA-1', () => ({ ...publicJwk, alg: 'RSA-OAEP' }), /RSA-OAEP-256/],
  ['a JSON Web Key for a longer algorithm', () => ({ ...publicJwk, alg: 'RSA-OAEP-2560' }), /RSA-OAEP-256/],
  ['a JSON Web Key for an algorithm on top', () => ({ ...publicJwk, alg: 'X+RSA-OAEP-256' }), /RSA-OAEP-256/],
  ['a JSON Web Key with nothing in n', () => ({ ...publicJwk, n: '' }), /member n/],
  ['a JSON Web Key for signatures', () => ({ ...publicJwk, alg: 'RS256' }), /RSA-OAEP-256/],
  ['a JSON Web Key whose use is signing', () => ({ ...publicJwk, use: 'sig' }), /use must be/],
  ['a JSON Web Key whose key_ops are others', () => ({ ...publicJwk, key_ops: ['verify'] }), /"encrypt" or "wrapKey"/],
  ['a CryptoKey with SHA-1', async () => (await cryptoKeys('SHA-1')).publicKey, /SHA-256/],
  ['a CryptoKey for signatures', async () => (await cryptoKeys('SHA-256', 'RSA-PSS', 2048, ['sign', 'verify'])).publicKey, /RSA-OAEP/],
  ['a CryptoKey of 1024 bits', async () => (await cryptoKeys('SHA-256', 'RSA-OAEP', 1024)).publicKey, /1024 bits/],
  ['a CryptoKey that wraps keys only', async () => (await cryptoKeys('SHA-256', 'RSA-OAEP', 2048, ['wrapKey', 'unwrapKey'])).publicKey, /'encrypt'/],
  ['an AES CryptoKey', async () => await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']), /RSA-OAEP/],
];

const encrypted = { cipher: 'aes-256-cbc', passphrase: 'tea' } as const;
const PRIVATE: Refused[] = [
  ['null', () => null, /PEM/],
  ['PKCS#1 PEM', () => privateKey.export({ type: 'pkcs1', format: 'pem' }), /openssl pkey -in old.pem -out private.pem/],
  ['PKCS#1 DER', () => privateKey.export({ type: 'pkcs1', format: 'der' }), /openssl pkey/],
  ['encrypted PKCS#8', () => privateKey.export({ type: 'pkcs8', format: 'pem', ...encrypted }), /passphrase.*openssl pkey/],
  ['encrypted PKCS#1', () => privateKey.export({ type: 'pkcs1', format: 'pem', ...encrypted }), /passphrase.*openssl pkey/],
  ['encrypted PKCS#1 with the line ends of Windows', () => privateKey.export({ type: 'pkcs1', format: 'pem', ...encrypted }).toString().replaceAll('\n', '\r\n'), /passphrase.*openssl pkey/],
  ['an OpenSSH private key', () => '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----', /ssh-keygen -p/],
  ['an EC private key', () => ec.privateKey.export({ type: 'sec1', format: 'pem' }), /EC key/],
  ['an EC key in PKCS#8', () => pkcs8(ec.privateKey), /EC, Ed25519/],
  ['a public key in PEM', () => spki(publicKey), /publicKey/],
  ['a public KeyObject', () => publicKey, /publicKey/],
  ['a public JSON Web Key', () => publicJwk, /publicKey/],
  ['a public CryptoKey', async () => (await cryptoKeys()).publicKey, /publicKey/],
  ['1024 bits', () => pkcs8(rsaPair('weak', 1024).privateKey), /1024 bits/],
  ['a JSON Web Key without its primes', () => ({ kty: 'RSA', n: privateJwk.n, e: privateJwk.e, d: privateJwk.d }), /member p/],
  ['a JSON Web Key whose key_ops are others', () => ({ ...privateJwk, key_ops: ['sign'] }), /"decrypt" or "unwrapKey"/],
  ['a CryptoKey that unwraps keys only', async () => (await cryptoKeys('SHA-256', 'RSA-OAEP', 2048, ['wrapKey', 'unwrapKey'])).privateKey, /'decrypt'/],
];

describe('a public key is refused at the call', () => {
  it.each(PUBLIC)('%s', async (_, form, advice) => {
    const key = (await form()) as RsaKeyInput;
    expect(refusal(() => rawRsaKeyring({ name: 'k', publicKey: key }), 'options.publicKey')).toMatch(advice);
  });
});

describe('a private key is refused at the call', () => {
  it.each(PRIVATE)('%s', async (_, form, advice) => {
    const key = (await form()) as RsaKeyInput;
    expect(refusal(() => rawRsaKeyring({ name: 'k', privateKey: key }), 'options.privateKey')).toMatch(advice);
  });
});

describe('halves of two pairs are refused at the call', () => {
  it.each<[string, RsaKeyInput, RsaKeyInput]>([
    ['PEM', spki(rsaPair('second').publicKey), pkcs8(privateKey)],
    ['JSON Web Keys', rsaPair('second').publicKey.export({ format: 'jwk' }), privateJwk],
    ['of another size', rsaPair('first', 3072).publicKey, privateKey],
    ['that differ in the exponent', { ...publicJwk, e: base64url(3) }, privateKey],
  ])('%s', (_, other, own) => {
    expect(refusal(() => rawRsaKeyring({ name: 'k', publicKey: other, privateKey: own }), 'options.publicKey')).toContain(
      'one pair',
    );
  });
});

describe('a name and options are refused at the call', () => {
  it.each([undefined, '', 'two words', 'Schlüssel', 'x'.repeat(256)])('the name %j', (name) => {
    refusal(() => rawRsaKeyring({ name: name as string, publicKey }), 'options.name');
  });

  it.each([undefined, null, 'k'])('the options %j', (options) => {
    refusal(() => rawRsaKeyring(options as never), 'options');
  });
});

describe('bytes that are almost a key', () => {
  /** Whatever the input: a keyring, or the one error that names the argument; never another exception. */
  const takenOrRefused = (call: () => unknown): void => {
    try {
      call();
    } catch (error) {
      if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    }
  };
  const sources = [spkiDer(publicKey), pkcs8Der(privateKey), spkiDer(ec.publicKey), new Uint8Array(0)];
  const mutated = fc
    .tuple(
      fc.constantFrom(...sources),
      fc.array(fc.tuple(fc.nat(1400), fc.nat(255)), { maxLength: 4 }),
      fc.nat(1400),
      fc.uint8Array({ maxLength: 8 }),
    )
    .map(([source, changes, length, tail]) => {
      const bytes = Uint8Array.of(...source.subarray(0, Math.max(length, 20)), ...tail);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    });

  it('are taken or refused, as DER', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 64 })), (der) => {
        takenOrRefused(() => rawRsaKeyring({ name: 'k', publicKey: der }));
        takenOrRefused(() => rawRsaKeyring({ name: 'k', privateKey: der }));
      }),
      { numRuns: 2000 },
    );
  });

  it('are taken or refused, as text', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      mutated.map((der) => `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----`),
      mutated.map((der) => spki(publicKey).slice(0, 60) + Buffer.from(der).toString('latin1')),
    );
    fc.assert(
      fc.property(text, (pem) => {
        takenOrRefused(() => rawRsaKeyring({ name: 'k', publicKey: pem }));
        takenOrRefused(() => rawRsaKeyring({ name: 'k', privateKey: pem }));
      }),
      { numRuns: 1000 },
    );
  });

  it('whose numbers are unusual and sound are taken', () => {
    rawRsaKeyring({ name: 'k', publicKey: { ...publicJwk, e: base64url(1, 0, 0, 0, 0, 0, 0, 1) } });
    rawRsaKeyring({ name: 'k', publicKey: { ...publicJwk, n: base64url(0x80, ...new Array<number>(255).fill(0xff)) } });
    rawRsaKeyring({ name: 'k', publicKey: { ...publicJwk, n: base64url(...new Array<number>(512).fill(0xff)) } });
  });

  it('with every end cut off are refused', () => {
    for (const [source, half] of [[spkiDer(publicKey), 'publicKey'], [pkcs8Der(privateKey), 'privateKey']] as const) {
      for (let length = 0; length < source.length; length++) {
        refusal(() => rawRsaKeyring({ name: 'k', [half]: source.subarray(0, length) }), `options.${half}`);
      }
    }
  });

  it('have numbers that are what OpenSSL reads', () => {
    for (const pair of [rsaPair(), rsaPair('first', 3072), rsaPair('small exponent', 2048, 3)]) {
      const publicPem = spki(pair.publicKey);
      // The halves are compared by their numbers, so a key read wrongly would not match its other form.
      rawRsaKeyring({ name: 'k', publicKey: createPublicKey(publicPem).export({ format: 'jwk' }), privateKey: pkcs8(pair.privateKey) });
      rawRsaKeyring({ name: 'k', publicKey: publicPem, privateKey: createPrivateKey(pkcs8(pair.privateKey)).export({ format: 'jwk' }) });
    }
  });
});
