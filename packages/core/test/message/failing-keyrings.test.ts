import { describe, expect, it } from 'vitest';
import { decrypt, decryptStream, encrypt, encryptDetachedStream, encryptStream } from '../../src/index.js';
import type { ErrorCode } from '../../src/index.js';
import type { Keyring } from '../../src/keyring/index.js';
import { keyringError, unwrapFailed, wrapFailed } from '../../src/keyring/index.js';
import { utf8 } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('plaintext');

const encrypting: readonly (readonly [string, (keyring: Keyring) => Promise<unknown>])[] = [
  ['encrypt', async (keyring) => await encrypt(plaintext, { keyring })],
  ['encryptStream', async (keyring) => await through(encryptStream({ keyring }), [plaintext])],
  ['encryptDetachedStream', async (keyring) => await encryptDetachedStream({ keyring })],
];
const good = new TestKeyring();
const envelope = await encrypt(plaintext, { keyring: good });
const decrypting: readonly (readonly [string, (keyring: Keyring) => Promise<unknown>])[] = [
  ['decrypt', async (keyring) => await decrypt(envelope, { keyring })],
  ['decryptStream', async (keyring) => await through(decryptStream({ keyring }), [envelope])],
];

const throttled = keyringError(
  { provider: 'acme', keyring: 'k', keyId: 'id-1', operation: 'wrap', reason: 'throttled', retryable: true, remedy: 'Wait.' },
  'Acme answered 429.',
);

describe.each(encrypting)('%s', (_name, run) => {
  it.each(['wrap', 'generate'] as const)('tells why %s failed, as a table', async (operation) => {
    const keyring = new TestKeyring({ [operation]: async () => await Promise.reject(throttled) });
    const error = await failure(run(keyring), 'wrap-failed');
    expect(error.details.attempts).toEqual([
      { provider: 'acme', keyring: 'k', keyId: 'id-1', outcome: 'failed', reason: 'throttled', retryable: true, remedy: 'Wait.', message: 'Acme answered 429.' },
    ]);
    expect(error.cause).toBe(throttled);
    expect(error.message).toBe(
      'The data key could not be wrapped, so nothing was written:\n  failed acme id-1: throttled: Acme answered 429.\n    Wait.',
    );
  });

  it('passes on the table of a keyring of several keys', async () => {
    const several = wrapFailed([], 'cause');
    const keyring = new TestKeyring({ wrap: async () => await Promise.reject(several) });
    expect(await thrownBy(run(keyring))).toBe(several);
  });

  it.each([
    ['an error of its SDK', new Error('ECONNRESET')],
    ['no error at all', 'a string'],
    ['undefined', undefined],
    ['null', null],
    ['an object that looks like one of ours', { code: 'keyring-failed', details: {} }],
  ])('types what a keyring throws: %s', async (_what, thrown) => {
    for (const operation of ['wrap', 'generate']) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tried
      const keyring = new TestKeyring({ [operation]: async () => await Promise.reject(thrown) });
      const error = await failure(run(keyring), 'wrap-failed');
      expect(error.details.attempts).toMatchObject([{ provider: 'test', keyring: 'kek-1', reason: 'unknown', retryable: false }]);
      if (thrown !== undefined) expect(error.cause).toBe(thrown);
    }
  });

  it('types what a keyring throws before it returns a promise', async () => {
    const thrown = new Error('thrown at the call');
    const keyring: Keyring = { ...bare, wrap: throwing(thrown) };
    expect((await failure(run(keyring), 'wrap-failed')).cause).toBe(thrown);
    const generating: Keyring = { ...bare, generate: throwing(thrown) };
    expect((await failure(run(generating), 'wrap-failed')).cause).toBe(thrown);
  });
});

/** A function that throws at the call, where it should return a promise. */
function throwing(error: Error): () => Promise<never> {
  return () => {
    throw error;
  };
}

const bare = {
  specificationVersion: 'keyring-v1',
  provider: 'test',
  name: 'bare',
  keks: [],
  wrap: async () => await Promise.reject(new Error('not now')),
  unwrap: async () => await Promise.resolve(null),
} as const;

describe.each(decrypting)('%s', (_name, run) => {
  it('tells why unwrapping failed, as a table', async () => {
    const keyring = new TestKeyring({ unwrap: async () => await Promise.reject(throttled) });
    const error = await failure(run(keyring), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ provider: 'acme', keyId: 'id-1', reason: 'throttled', remedy: 'Wait.' }]);
    expect(error.cause).toBe(throttled);
    for (const part of ['acme', 'id-1', 'throttled', 'Wait.']) expect(error.message).toContain(part);
  });

  it('passes on the table of a keyring of several keys', async () => {
    const several = unwrapFailed([], 'cause');
    const keyring = new TestKeyring({ unwrap: async () => await Promise.reject(several) });
    expect(await thrownBy(run(keyring))).toBe(several);
  });

  it.each([['an error of its SDK', new Error('ECONNRESET')], ['a string', 'x'], ['undefined', undefined], ['null', null]])(
    'types what a keyring throws: %s',
    async (_what, thrown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is what is tried
      const keyring = new TestKeyring({ unwrap: async () => await Promise.reject(thrown) });
      const error = await failure(run(keyring), 'unwrap-failed');
      expect(error.details.attempts).toMatchObject([{ provider: 'test', keyring: 'kek-1', reason: 'unknown' }]);
      if (thrown !== undefined) expect(error.cause).toBe(thrown);
    },
  );

  it('types what a keyring throws before it returns a promise', async () => {
    const thrown = new Error('thrown at the call');
    const keyring: Keyring = { ...bare, unwrap: throwing(thrown) };
    expect((await failure(run(keyring), 'unwrap-failed')).cause).toBe(thrown);
  });

  it('tells damage to the wrapped key from nothing else', async () => {
    const stranger = new TestKeyring();
    const error = await failure(run(stranger), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ provider: 'test', keyId: 'kek-1', reason: 'integrity' }]);
  });

  it.each<[string, unknown, ErrorCode]>([
    ['undefined', undefined, 'keyring-contract'],
    ['a string', 'key', 'keyring-contract'],
    ['bytes in place of a result', new Uint8Array(32), 'keyring-contract'],
    ['an empty object', {}, 'keyring-contract'],
    ['key material that is base64', { keyMaterial: 'AAAA' }, 'keyring-contract'],
    ['key material and no wrapped key', { keyMaterial: new Uint8Array(32) }, 'keyring-contract'],
    ['a wrapped key and no key material', { wrappedKey: { keyId: 'x' } }, 'keyring-contract'],
  ])('types what a keyring returns: %s', async (_what, result, code) => {
    const keyring = new TestKeyring({ unwrap: async () => await Promise.resolve(result as null) });
    await failure(run(keyring), code);
  });
});
