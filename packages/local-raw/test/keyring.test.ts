/** What holds for both kinds of local keyring. */
import { encryptionContext, isKeyfoldError } from '@keyfold/core/keyring';
import type { Keyring, KeyfoldError } from '@keyfold/core/keyring';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { generateAesKey, rawAesKeyring, rawRsaKeyring } from '@keyfold/local-raw';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { flipped, printedForms } from './support/bytes.js';
import { pkcs8Der, rsaPair } from './support/rsa-keys.js';

const AES_KEY = generateAesKey();
const { publicKey, privateKey } = rsaPair();
const context = await encryptionContext();

const KINDS: [string, () => Keyring, () => Uint8Array[]][] = [
  ['AES', () => rawAesKeyring({ name: 'k', key: AES_KEY }), () => [AES_KEY]],
  [
    'AES, as a CryptoKey',
    () => rawAesKeyring({ name: 'k', key: hkdfKey }),
    () => [AES_KEY],
  ],
  [
    'RSA',
    () => rawRsaKeyring({ name: 'k', publicKey, privateKey: pkcs8Der(privateKey) }),
    () => {
      const { d = '', p = '', q = '' } = privateKey.export({ format: 'jwk' });
      return [d, p, q].map((text) => Buffer.from(text, 'base64url'));
    },
  ],
];
const hkdfKey = await crypto.subtle.importKey('raw', AES_KEY, 'HKDF', false, ['deriveBits']);

describe.each(KINDS)('%s', (_, make, secrets) => {
  it('says which contract it keeps, and whose it is', () => {
    const keks = [{ provider: 'local-raw', keyId: 'k' }];
    expect(make()).toMatchObject({ specificationVersion: 'keyring-v1', provider: 'local-raw', name: 'k', keks });
  });

  it('can be decorated: a copy of it works', async () => {
    const copy = { ...make(), name: 'decorated' };
    expect(await unwrapFrom(copy, [await wrapOne(copy)])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('lets nobody see its key', async () => {
    const keyring = make();
    const wrapped = await wrapOne(keyring);
    await unwrapFrom(keyring, [wrapped]);
    const seen = [
      JSON.stringify(keyring),
      inspect(keyring, { depth: Infinity, showHidden: true, maxArrayLength: Infinity, maxStringLength: Infinity }),
      ...Object.entries(Object.getOwnPropertyDescriptors(keyring)).map(([name, { value }]) => `${name}: ${String(value)}`),
    ];
    for (const text of seen) for (const secret of secrets()) {
      for (const form of printedForms(secret)) expect(text).not.toContain(form);
    }
  });

  it('puts no key into an error', async () => {
    const keyring = make();
    const wrapped = await wrapOne(keyring);
    const errors: KeyfoldError[] = [
      await failure(unwrapFrom(keyring, [{ ...wrapped, ciphertext: flipped(wrapped.ciphertext, 20) }]), 'keyring-failed'),
      await failure(unwrapFrom(keyring, [await wrapOne(keyring, {}, { keyMaterial: new Uint8Array(32).fill(9) })]), 'keyring-failed'),
      await failure(wrapOne(keyring, {}, { keyMaterial: DATA_KEY.slice(1) }), 'invalid-argument'),
    ];
    for (const error of errors) {
      const text = inspect(error, { depth: Infinity, showHidden: true });
      for (const secret of [...secrets(), DATA_KEY]) {
        for (const form of printedForms(secret)) expect(text).not.toContain(form);
      }
    }
  });

  it('wipes key material that is not accepted', async () => {
    const keyring = make();
    const wrapped = await wrapOne(keyring);
    const offered: Uint8Array[] = [];
    const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
      offered.push(keyMaterial);
      return await Promise.resolve(false);
    };
    const request = { wrappedKeys: [wrapped], context, accepts, signal: new AbortController().signal };
    await failure(keyring.unwrap(request), 'keyring-failed');
    expect(offered).toEqual([new Uint8Array(32)]);
  });

  it('does nothing once its signal has fired', async () => {
    const keyring = make();
    const wrapped = await wrapOne(keyring);
    const signal = AbortSignal.abort(new Error('enough'));
    const accepts = (): never => {
      throw new Error('asked');
    };
    const calls = [
      async () => await keyring.wrap({ keyMaterial: DATA_KEY, context, signal }),
      async () => await keyring.unwrap({ wrappedKeys: [wrapped], context, accepts, signal }),
      async () => await keyring.unwrap({ wrappedKeys: [], context, accepts, signal }),
      async () => await keyring.check?.({ signal }),
    ];
    for (const call of calls) expect((await failure(call(), 'aborted')).cause).toBe(signal.reason);
  });

  it('stops when its signal fires', async () => {
    const wrapped = await wrapOne(make());
    const accepts = async (): Promise<boolean> => await Promise.resolve(true);
    const calls: ((keyring: Keyring, signal: AbortSignal) => Promise<unknown>)[] = [
      async (keyring, signal) => await keyring.wrap({ keyMaterial: DATA_KEY, context, signal }),
      async (keyring, signal) => await keyring.unwrap({ wrappedKeys: [wrapped], context, accepts, signal }),
      async (keyring, signal) => await keyring.check?.({ signal }),
    ];
    for (const call of calls) {
      const keyring = make();
      const controller = new AbortController();
      const running = call(keyring, controller.signal);
      controller.abort();
      await failure(running, 'aborted');
      // The keyring, whose key was just being made ready, is none the worse.
      expect(await unwrapFrom(keyring, [wrapped])).not.toBeNull();
    }
  });

  it('is found to be in order by check', async () => {
    const checks = await make().check?.({ signal: new AbortController().signal });
    expect(checks).toStrictEqual([
      {
        provider: 'local-raw',
        keyId: 'k',
        keyVersion: '',
        reachable: true,
        state: 'enabled',
        permitted: { wrap: 'yes', unwrap: 'yes', generate: 'no' },
      },
    ]);
  });
});

it('passes on what accepts throws', async () => {
  const keyring = rawAesKeyring({ name: 'k', key: AES_KEY });
  const bug = new TypeError('a bug elsewhere');
  const accepts = async (): Promise<boolean> => await Promise.reject(bug);
  const request = { wrappedKeys: [await wrapOne(keyring)], context, accepts, signal: new AbortController().signal };
  const thrown: unknown = await keyring.unwrap(request).catch((error: unknown) => error);
  expect(thrown).toBe(bug);
  expect(isKeyfoldError(thrown)).toBe(false);
});
