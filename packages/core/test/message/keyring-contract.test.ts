import { describe, expect, it } from 'vitest';
import { decrypt, decryptDetached, encrypt, encryptDetached, encryptDetachedStream, encryptStream, inspect, rewrap } from '../../src/index.js';
import type { EncryptionContext, GenerateResult, Keyring, WrappedKey, WrapResult } from '../../src/keyring/index.js';
import { utf8 } from '../support/bytes.js';
import { asFailure, failure } from '../support/failure.js';
import { collectUntilFailure, streamOf } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('plaintext');
const valid: WrappedKey = { provider: 'test', keyId: 'k', keyVersion: '', algorithm: 'A', ciphertext: utf8('c') };
const pending: WrappedKey = { ...valid, algorithm: '', ciphertext: new Uint8Array(0) };

/** What a keyring with a bug might return for `wrap`. */
const violations: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a string', 'wrapped'],
  ['an object without wrapped keys', {}],
  ['one wrapped key in place of a list', { wrappedKeys: valid }],
  ['a list of nothing', { wrappedKeys: [] }],
  ['a list of undefined', { wrappedKeys: [undefined] }],
  ['the same key twice', { wrappedKeys: [valid, { ...valid, algorithm: 'B' }] }],
  ['33 keys', { wrappedKeys: Array.from({ length: 33 }, (_, i) => ({ ...valid, keyId: `k${i}` })) }],
  ['nothing but a pending key', { wrappedKeys: [pending] }],
  ['a pending key with a version', { wrappedKeys: [valid, { ...pending, keyId: 'x', keyVersion: '1' }] }],
  ['a key without algorithm', { wrappedKeys: [{ ...valid, algorithm: '' }] }],
  ['an empty provider', { wrappedKeys: [{ ...valid, provider: '' }] }],
  ['a provider in capitals', { wrappedKeys: [{ ...valid, provider: 'Test' }] }],
  ['a provider of 256 characters', { wrappedKeys: [{ ...valid, provider: 'p'.repeat(256) }] }],
  ['an empty key id', { wrappedKeys: [{ ...valid, keyId: '' }] }],
  ['a key id with a space', { wrappedKeys: [{ ...valid, keyId: 'my key' }] }],
  ['a key id beyond ASCII', { wrappedKeys: [{ ...valid, keyId: 'schlüssel' }] }],
  ['a key id whose letters are ASCII in their low byte', { wrappedKeys: [{ ...valid, keyId: '\u0141\u0142' }] }],
  ['a key id of 65,536 characters', { wrappedKeys: [{ ...valid, keyId: 'k'.repeat(65_536) }] }],
  ['a version of 256 characters', { wrappedKeys: [{ ...valid, keyVersion: 'v'.repeat(256) }] }],
  ['an algorithm of 256 characters', { wrappedKeys: [{ ...valid, algorithm: 'a'.repeat(256) }] }],
  ['a ciphertext of 65,536 bytes', { wrappedKeys: [{ ...valid, ciphertext: new Uint8Array(65_536) }] }],
  ['a ciphertext that is base64', { wrappedKeys: [{ ...valid, ciphertext: 'AAAA' }] }],
  ['a ciphertext that is a list of numbers', { wrappedKeys: [{ ...valid, ciphertext: [1, 2, 3] }] }],
  ['a ciphertext that is an ArrayBuffer', { wrappedKeys: [{ ...valid, ciphertext: new ArrayBuffer(4) }] }],
  ['a ciphertext that has a length only', { wrappedKeys: [{ ...valid, ciphertext: { length: 4 } }] }],
  ['a ciphertext that is missing', { wrappedKeys: [{ ...valid, ciphertext: undefined }] }],
  ['a version that is missing', { wrappedKeys: [{ ...valid, keyVersion: undefined }] }],
  ['a version that is a number', { wrappedKeys: [{ ...valid, keyVersion: 1 }] }],
  ['a key id that is a list', { wrappedKeys: [{ ...valid, keyId: ['k'] }] }],
  ['a quorum that is none', { wrappedKeys: [{ ...valid, provider: 'quorum', algorithm: 'SHAMIR-GF256' }] }],
];

function wrapping(result: unknown): Keyring {
  return new TestKeyring({ name: 'buggy', wrap: async () => await Promise.resolve(result as WrapResult) });
}

function generating(result: unknown): Keyring {
  return new TestKeyring({ name: 'buggy', generate: async () => await Promise.resolve(result as GenerateResult) });
}

describe('a keyring that breaks its contract is named, and nothing is written', () => {
  it.each(violations)('by encrypt: %s', async (_what, result) => {
    const error = await failure(encrypt(plaintext, { keyring: wrapping(result) }), 'keyring-contract');
    expect(error.details).toEqual({ keyring: 'buggy' });
    expect(error.message).toContain('buggy');
  });

  it.each(violations)('by encryptStream: %s', async (_what, result) => {
    const { bytes, error } = await collectUntilFailure(
      streamOf(plaintext).pipeThrough(encryptStream({ keyring: wrapping(result) })),
    );
    asFailure(error, 'keyring-contract');
    expect(bytes).toHaveLength(0);
  });

  it.each(violations)('by encryptDetachedStream: %s', async (_what, result) => {
    await failure(encryptDetachedStream({ keyring: wrapping(result) }), 'keyring-contract');
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['no data key', { wrappedKeys: [valid] }],
    ['a data key of 16 bytes', { keyMaterial: new Uint8Array(16), wrappedKeys: [valid] }],
    ['a data key of 33 bytes', { keyMaterial: new Uint8Array(33), wrappedKeys: [valid] }],
    ['a data key that is base64', { keyMaterial: 'A'.repeat(32), wrappedKeys: [valid] }],
    ['a data key that is a list of numbers', { keyMaterial: Array.from({ length: 32 }, () => 7), wrappedKeys: [valid] }],
    ['a data key and nothing that wraps it', { keyMaterial: new Uint8Array(32).fill(7) }],
    ['a data key whose wrapped key is malformed', { keyMaterial: new Uint8Array(32).fill(7), wrappedKeys: [{ ...valid, keyId: '' }] }],
  ])('by what it generated: %s', async (_what, result) => {
    const error = await failure(encrypt(plaintext, { keyring: generating(result) }), 'keyring-contract');
    expect(error.details).toEqual({ keyring: 'buggy' });
  });

  it('with the rule as cause', async () => {
    const error = await failure(encrypt(plaintext, { keyring: wrapping({ wrappedKeys: [valid, valid] }) }), 'keyring-contract');
    expect(asFailure(error.cause, 'malformed').details.rule).toBe('wrapped-key-duplicate');
  });

  it('with the field as cause', async () => {
    const base64 = wrapping({ wrappedKeys: [{ ...valid, ciphertext: 'AAAA' }] });
    const wrongType = asFailure((await failure(encrypt(plaintext, { keyring: base64 }), 'keyring-contract')).cause, 'invalid-argument');
    expect(wrongType.details).toEqual({ argument: 'wrappedKey.ciphertext' });
    expect(wrongType.message).toContain('Uint8Array');
    for (const [field, maximum] of [['provider', 255], ['keyId', 65_535], ['keyVersion', 255], ['algorithm', 255]] as const) {
      const tooLong = wrapping({ wrappedKeys: [{ ...valid, [field]: 'k'.repeat(maximum + 1) }] });
      const cause = asFailure((await failure(encrypt(plaintext, { keyring: tooLong }), 'keyring-contract')).cause, 'limit-exceeded');
      expect(cause.details).toEqual({ limit: `wrappedKey.${field}`, maximum, actual: maximum + 1 });
      expect(cause.message).toMatch(/no room for more/);
    }
  });
});

describe('a keyring that keeps it', () => {
  it('may return its keys in any order, and some of them pending', async () => {
    const keys = [{ ...pending, keyId: 'c' }, { ...valid, keyId: 'b' }, { ...valid, keyId: 'a', keyVersion: '2' }];
    const envelope = await encrypt(plaintext, { keyring: wrapping({ wrappedKeys: keys }) });
    expect(inspect(envelope).wrappedKeys.map(({ keyId, pending: isPending }) => [keyId, isPending])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ]);
  });

  it('may change its own wrapped keys afterwards', async () => {
    const ciphertext = utf8('ciphertext');
    const envelope = await encrypt(plaintext, { keyring: wrapping({ wrappedKeys: [{ ...valid, ciphertext }] }) });
    const before = inspect(envelope);
    ciphertext.fill(0);
    expect(inspect(envelope)).toEqual(before);
    expect(Buffer.from(envelope).includes('ciphertext')).toBe(true);
  });

  it('may fill the header up to its cap, and not beyond', async () => {
    const large = { wrappedKeys: [{ ...valid, ciphertext: new Uint8Array(65_000) }] };
    await encrypt(plaintext, { keyring: wrapping(large) });
    const error = await failure(
      encrypt(plaintext, { keyring: wrapping(large), limits: { headerBytes: 60_000 } }),
      'limit-exceeded',
    );
    expect(error.details).toMatchObject({ limit: 'headerBytes', maximum: 60_000 });
  });
});

describe('what a keyring does with what it is handed', () => {
  it.each([{}, { tenant: 'acme' }])('does not reach the message: the context %j', async (context) => {
    const vandalise = (given: EncryptionContext): void => {
      given.digest.fill(0);
      (given.pairs as Map<string, string>).clear();
    };
    const honest = new TestKeyring({ name: 'vandal' });
    const vandal = new TestKeyring({
      name: 'vandal',
      wrap: async (request) => {
        const result = await honest.wrap({ ...request, context: structuredClone(request.context) });
        vandalise(request.context);
        return result;
      },
      unwrap: async (request) => {
        const result = await honest.unwrap({ ...request, context: structuredClone(request.context) });
        vandalise(request.context);
        return result;
      },
    });
    const envelope = await encrypt(plaintext, { keyring: vandal, context });
    expect(await decrypt(envelope, { keyring: honest, context })).toEqual(plaintext);
    expect(await decrypt(envelope, { keyring: vandal, context })).toEqual(plaintext);
    const { header, payload } = await encryptDetached(plaintext, { keyring: vandal, context });
    const other = new TestKeyring({ name: 'other' });
    const rewrapped = await rewrap(header, { keyring: vandal, wrapWith: other, context });
    expect(await decryptDetached({ header: rewrapped.header, payload }, { keyring: other, context })).toEqual(plaintext);
  });

  it('does not reach the caller’s envelope', async () => {
    const honest = new TestKeyring();
    const envelope = await encrypt(plaintext, { keyring: honest });
    const before = envelope.slice();
    const vandal = new TestKeyring({
      unwrap: async ({ wrappedKeys }) => {
        for (const { ciphertext } of wrappedKeys) ciphertext.fill(0);
        return await Promise.resolve(null);
      },
    });
    await failure(decrypt(envelope, { keyring: vandal }), 'no-matching-key');
    expect(envelope).toEqual(before);
    expect(await decrypt(envelope, { keyring: honest })).toEqual(plaintext);
  });
});
