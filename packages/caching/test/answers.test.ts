/** What `unwrap` answers to a caller who is not the engine, and so does not look again. */
import { encryptionContext } from '@keyfold/core/keyring';
import type { EncryptionContext, WrappedKey } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import { cachingKeyring } from '../src/index.js';
import type { CachingKeyring } from '../src/index.js';
import { counting } from './support/counting.js';
import type { Counting } from './support/counting.js';

const signal = new AbortController().signal;
const yes = async (): Promise<boolean> => await Promise.resolve(true);
const context = await encryptionContext({ tenant: 'acme' });

let inner: Counting;
let keyring: CachingKeyring;
let wrappedKey: WrappedKey;
beforeEach(async () => {
  inner = counting();
  keyring = cachingKeyring({ keyring: inner.keyring });
  const { wrappedKeys } = await inner.keyring.wrap({ keyMaterial: new Uint8Array(32).fill(9), context, signal });
  wrappedKey = wrappedKeys[0] as WrappedKey;
  await unwrap(wrappedKey);
});

const unwrap = async (key: WrappedKey, of: EncryptionContext = context, accepts: (keyMaterial: Uint8Array) => Promise<boolean> = yes) =>
  await keyring.unwrap({ wrappedKeys: [key], context: of, accepts, signal });

it('a data key that is known, and is accepted again', async () => {
  expect((await unwrap(wrappedKey))?.keyMaterial).toEqual(new Uint8Array(32).fill(9));
  expect(inner.counts.unwrap).toBe(1);
});

it('no data key that is not accepted, and leaves none behind', async () => {
  const offered: Uint8Array[] = [];
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
    offered.push(keyMaterial);
    return await Promise.resolve(false);
  };
  const { details } = await failure(unwrap(wrappedKey, context, accepts), 'keyring-failed');
  expect(details.reason).toBe('integrity');
  // Of the cache, and of the keyring inside.
  expect(offered.length).toBe(2);
  for (const keyMaterial of offered) expect(keyMaterial).toEqual(new Uint8Array(32));
});

it('no data key that the keyring inside did not have accepted', async () => {
  const careless = cachingKeyring({
    keyring: { ...inner.keyring, unwrap: async () => await Promise.resolve({ keyMaterial: new Uint8Array(32), wrappedKey }) },
  });
  const no = async (): Promise<boolean> => await Promise.resolve(false);
  await failure(careless.unwrap({ wrappedKeys: [wrappedKey], context, accepts: no, signal }), 'keyring-failed');
});

it.each<[string, { readonly keyMaterial?: Uint8Array; readonly wrappedKey?: object } | undefined]>([
  ['nothing', undefined],
  ['no key material', { wrappedKey: {} }],
  ['no wrapped key', { keyMaterial: new Uint8Array(32).fill(9) }],
  ['a wrapped key that is none of the header’s', { keyMaterial: new Uint8Array(32).fill(9), wrappedKey: { keyId: 'app-2026' } }],
])('that the keyring inside breaks its contract, when it gives %s', async (_, answer) => {
  const broken = cachingKeyring({ keyring: { ...inner.keyring, unwrap: async () => await Promise.resolve(answer as never) } });
  await failure(broken.unwrap({ wrappedKeys: [wrappedKey], context, accepts: yes, signal }), 'keyring-contract');
  if (answer?.keyMaterial !== undefined) expect(answer.keyMaterial).toEqual(new Uint8Array(32));
});

it('wrapped keys that are the caller’s to change', async () => {
  const first = await keyring.generate?.({ context, signal });
  const copy = new Uint8Array(first?.wrappedKeys[0]?.ciphertext ?? []);
  first?.wrappedKeys[0]?.ciphertext.fill(0);
  expect((await keyring.generate?.({ context, signal }))?.wrappedKeys[0]?.ciphertext).toEqual(copy);
});

describe('nothing without asking, where another', () => {
  it('context is given: the key was not unwrapped for that', async () => {
    await failure(unwrap(wrappedKey, await encryptionContext({ tenant: 'umbrella' })), 'keyring-failed');
    expect(inner.counts.unwrap).toBe(2);
  });

  it.each<[string, Partial<WrappedKey>]>([
    ['provider', { provider: 'other' }],
    ['key id', { keyId: 'app-2027' }],
    ['key version', { keyVersion: '2' }],
    ['algorithm', { algorithm: 'other' }],
    ['ciphertext', { ciphertext: new Uint8Array(64).fill(1) }],
  ])('%s is given', async (_, change) => {
    await unwrap({ ...wrappedKey, ...change }).catch(() => undefined);
    expect(inner.counts.unwrap).toBe(2);
  });
});
