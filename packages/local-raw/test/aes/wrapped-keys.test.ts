import type { WrappedKey } from '@keyfold/core/keyring';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { rawAesKeyring } from '@keyfold/local-raw';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipped } from '../support/bytes.js';
import { referenceAesUnwrap, referenceAesWrap } from '../support/reference.js';

const KEK = Uint8Array.from({ length: 32 }, (_, i) => 0xf0 ^ i);
const keyring = rawAesKeyring({ name: 'app-2026', key: KEK });
/** In ascending order of their keys' bytes, as the context's encoding wants them. */
const PAIRS = [
  ['purpose', 'backup'],
  ['tenant', 'acme'],
] as const;
const CONTEXT = Object.fromEntries(PAIRS);

describe('a wrapped key', () => {
  it('is what its description says', async () => {
    const { ciphertext, ...fields } = await wrapOne(keyring, CONTEXT);
    expect(fields).toEqual({
      provider: 'local-raw',
      keyId: 'app-2026',
      keyVersion: '',
      algorithm: 'HKDF-SHA512-AES-256-GCM',
    });
    expect(ciphertext).toHaveLength(64);
    expect(referenceAesUnwrap(KEK, ciphertext, { name: 'app-2026', pairs: PAIRS })).toEqual(DATA_KEY);
  });

  it('opens when another implementation made it, whatever the name', async () => {
    const name = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((c) => String.fromCharCode(c)), minLength: 1, maxLength: 255 });
    await fc.assert(
      fc.asyncProperty(name, fc.uint8Array({ minLength: 16, maxLength: 16 }), async (keyId, wrapId) => {
        const ciphertext = referenceAesWrap(KEK, wrapId, DATA_KEY, { name: keyId, pairs: PAIRS });
        const wrappedKey = { provider: 'local-raw', keyId, keyVersion: '', algorithm: 'HKDF-SHA512-AES-256-GCM', ciphertext };
        const result = await unwrapFrom(rawAesKeyring({ name: keyId, key: KEK }), [wrappedKey], CONTEXT);
        expect(result).toEqual({ keyMaterial: DATA_KEY, wrappedKey });
      }),
      { numRuns: 50 },
    );
  });

  it('is another one each time', async () => {
    const made = await Promise.all(Array.from({ length: 50 }, async () => await wrapOne(keyring)));
    const wrapIds = made.map(({ ciphertext }) => Buffer.from(ciphertext.subarray(0, 16)).toString('hex'));
    const sealed = made.map(({ ciphertext }) => Buffer.from(ciphertext.subarray(16)).toString('hex'));
    expect(new Set(wrapIds).size).toBe(50);
    expect(new Set(sealed).size).toBe(50);
  });

  it('leaves the key material that it was made of as it is', async () => {
    const keyMaterial = DATA_KEY.slice();
    await wrapOne(keyring, {}, { keyMaterial });
    expect(keyMaterial).toEqual(DATA_KEY);
  });

  it('is not made of key material that no unwrap would take', async () => {
    const error = await failure(wrapOne(keyring, {}, { keyMaterial: new Uint8Array(31) }), 'invalid-argument');
    expect(error.details.argument).toBe('request.keyMaterial');
  });
});

describe('unwrap answers null', () => {
  it.each<[string, Partial<WrappedKey>]>([
    ['to another provider’s', { provider: 'aws-kms' }],
    ['to a key of another name', { keyId: 'app-2027' }],
    ['to a key whose name begins as its own', { keyId: 'app-202' }],
    ['to an RSA key of the same name', { algorithm: 'RSA-OAEP-256' }],
    ['to an algorithm that it does not know', { algorithm: 'HKDF-SHA512-AES-256-GCM-SIV' }],
    ['to a version, as it writes none', { keyVersion: '1' }],
  ])('%s', async (_, change) => {
    const wrappedKey = await wrapOne(keyring);
    expect(await unwrapFrom(keyring, [{ ...wrappedKey, ...change }])).toBeNull();
  });

  it('to no wrapped keys at all', async () => {
    expect(await unwrapFrom(keyring, [])).toBeNull();
  });
});

describe('unwrap finds its own among others', () => {
  it('at any place', async () => {
    const own = await wrapOne(keyring);
    const others = ['a', 'z'].map((keyId) => ({ ...own, keyId, ciphertext: new Uint8Array(64) }));
    for (const wrappedKeys of [[own, ...others], [...others, own]]) {
      expect(await unwrapFrom(keyring, wrappedKeys)).toEqual({ keyMaterial: DATA_KEY, wrappedKey: own });
    }
  });
});

describe('unwrap throws for its own', () => {
  it('with any byte changed', async () => {
    const own = await wrapOne(keyring);
    for (let at = 0; at < own.ciphertext.length; at++) {
      for (const mask of [0x01, 0x80]) {
        const error = await failure(
          unwrapFrom(keyring, [{ ...own, ciphertext: flipped(own.ciphertext, at, mask) }]),
          'keyring-failed',
        );
        expect(error.details).toMatchObject({ reason: 'integrity', keyId: 'app-2026', operation: 'unwrap' });
      }
    }
  });

  it('in the same words, whatever is wrong', async () => {
    const own = await wrapOne(keyring, CONTEXT);
    const shortened = { ...own, ciphertext: own.ciphertext.subarray(0, 63) };
    const lengthened = { ...own, ciphertext: Uint8Array.of(...own.ciphertext, 0) };
    const almostNothing = { ...own, ciphertext: new Uint8Array(1) };
    const notTheDataKey = await wrapOne(keyring, CONTEXT, { keyMaterial: new Uint8Array(32).fill(1) });
    const errors = [
      ...(await Promise.all(
        [shortened, lengthened, almostNothing, notTheDataKey, { ...own, ciphertext: flipped(own.ciphertext, 20) }].map(
          async (wrappedKey) => await failure(unwrapFrom(keyring, [wrappedKey], CONTEXT), 'keyring-failed'),
        ),
      )),
      await failure(unwrapFrom(keyring, [own], { ...CONTEXT, tenant: 'acmf' }), 'keyring-failed'),
      await failure(unwrapFrom(keyring, [own]), 'keyring-failed'),
      await failure(
        unwrapFrom(rawAesKeyring({ name: 'app-2026', key: KEK.map((byte) => byte ^ 1) }), [own], CONTEXT),
        'keyring-failed',
      ),
    ];
    const [first] = errors;
    for (const error of errors) {
      expect(error.message).toBe(first?.message);
      expect(error.details).toEqual(first?.details);
      expect(error.cause).toBeUndefined();
    }
  });

  it('that was taken over from a key of another name', async () => {
    const other = await wrapOne(rawAesKeyring({ name: 'app-2025', key: KEK }));
    await failure(unwrapFrom(keyring, [{ ...other, keyId: 'app-2026' }]), 'keyring-failed');
  });
});
