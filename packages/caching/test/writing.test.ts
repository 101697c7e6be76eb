/** One data key for several messages of one context. */
import { decrypt, encrypt, inspect, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachingKeyring } from '../src/index.js';
import { counting } from './support/counting.js';
import type { Counting } from './support/counting.js';
import { until } from './support/until.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const ALGORITHM = 'HKDF-SHA512-AES-256-GCM';

let inner: Counting;
beforeEach(() => {
  inner = counting();
});

/** Encrypts under a context, and says which wrapped key the envelope has. */
async function write(keyring: Keyring, tenant = 'acme', signal?: AbortSignal): Promise<string> {
  const envelope = await encrypt(text(tenant), { keyring, context: { tenant }, ...(signal === undefined ? {} : { signal }) });
  expect(await decrypt(envelope, { keyring: inner.keyring, context: { tenant } })).toEqual(text(tenant));
  return wrappedKeyOf(envelope);
}

/** The 64 bytes of the wrapped data key, which tell data keys apart. */
function wrappedKeyOf(envelope: Uint8Array): string {
  const at = Buffer.from(envelope).indexOf(ALGORITHM) + ALGORITHM.length + 2;
  return Buffer.from(envelope.subarray(at, at + 64)).toString('hex');
}

describe('messages of one context', () => {
  it('share a data key until it is used up', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring, maxMessages: 3 });
    const keys: string[] = [];
    for (let i = 0; i < 7; i++) keys.push(await write(keyring));
    expect(inner.counts.wrap).toBe(3);
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 3, 3, 3, 6]);
  });

  it('have message ids, and so keys, of their own', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring });
    const envelopes = [await encrypt(text('same'), { keyring }), await encrypt(text('same'), { keyring })];
    const [one, other] = envelopes.map((envelope) => inspect(envelope).messageId);
    expect(one).not.toBe(other);
    const payloads = envelopes.map((envelope) => Buffer.from(envelope.subarray(inspect(envelope).headerLength + 16)).toString('hex'));
    expect(payloads[0]).not.toBe(payloads[1]);
    expect(inner.counts.wrap).toBe(1);
  });

  it('have a data key each with maxMessages: 1, and wait for nobody', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring, maxMessages: 1 });
    let release = (): void => undefined;
    inner.held.wrap = new Promise<void>((resolve) => (release = resolve));
    const writing = Promise.all([write(keyring), write(keyring)]);
    await until(() => inner.counts.wrap === 2);
    release();
    expect(new Set(await writing).size).toBe(2);
  });

  it('that are written at once share one call, and no more messages than allowed', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring, maxMessages: 4 });
    const keys = await Promise.all(Array.from({ length: 10 }, async () => await write(keyring)));
    expect(inner.counts.wrap).toBe(3);
    const uses = [...new Set(keys)].map((key) => keys.filter((other) => other === key).length);
    expect(uses.toSorted()).toEqual([2, 4, 4]);
  });
});

it('messages of different contexts never share a data key', async () => {
  const keyring = cachingKeyring({ keyring: inner.keyring });
  const keys: string[] = [];
  for (const tenant of ['acme', 'umbrella', 'acme', 'umbrella']) keys.push(await write(keyring, tenant));
  expect(inner.counts.wrap).toBe(2);
  expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 1, 0, 1]);
});

describe('a data key', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    // A clock at 0 has no ages.
    vi.advanceTimersByTime(1);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is used for maxAge ms', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring, maxAge: 10_000 });
    await write(keyring);
    vi.advanceTimersByTime(9_999);
    await write(keyring);
    expect(inner.counts.wrap).toBe(1);
    vi.advanceTimersByTime(2);
    await write(keyring);
    expect(inner.counts.wrap).toBe(2);
  });

  it('that is missing for a KEK is used for 5 s', async () => {
    const down = counting('down');
    down.error = new Error('It is down.');
    const degraded = multiKeyring({ members: [inner.keyring, down.keyring], write: { minimum: 1 } });
    const keyring = cachingKeyring({ keyring: degraded });
    const pending = async (): Promise<number> => {
      const { wrappedKeys } = inspect(await encrypt(text('hello'), { keyring }));
      return wrappedKeys.filter((key) => key.pending).length;
    };
    expect(await pending()).toBe(1);
    down.error = undefined;
    vi.advanceTimersByTime(4_999);
    expect(await pending()).toBe(1);
    vi.advanceTimersByTime(2);
    expect(await pending()).toBe(0);
  });

  it('makes room when there are too many', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring, maxKeys: 2 });
    for (const tenant of ['a', 'b', 'a', 'c', 'a', 'b']) await write(keyring, tenant);
    expect(inner.counts.wrap).toBe(4);
  });
});

it('a data key that was pushed out before its turn came does not become one of zeros', async () => {
  const keyring = cachingKeyring({ keyring: inner.keyring, maxKeys: 1 });
  let release = (): void => undefined;
  inner.held.wrap = new Promise<void>((resolve) => (release = resolve));
  const writing = Promise.all(['a', 'b', 'c', 'd'].map(async (tenant) => await write(keyring, tenant)));
  await until(() => inner.counts.wrap === 4);
  release();
  // Each is opened by the keyring inside.
  expect(new Set(await writing).size).toBe(4);
});

it('after clear there is another one, also where it was being made then', async () => {
  const keyring = cachingKeyring({ keyring: inner.keyring });
  const first = await write(keyring);
  keyring.clear();
  let release = (): void => undefined;
  inner.held.wrap = new Promise<void>((resolve) => (release = resolve));
  const writing = write(keyring);
  await until(() => inner.counts.wrap === 2);
  keyring.clear();
  release();
  expect(new Set([first, await writing, await write(keyring), await write(keyring)]).size).toBe(3);
});

describe('when the keyring inside fails', () => {
  it('everybody who waits gets its error, and the next call asks again', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring });
    inner.error = new Error('It is down.');
    const [one, other] = await Promise.all([failure(write(keyring), 'wrap-failed'), failure(write(keyring), 'wrap-failed')]);
    expect([one.details.attempts.length, other.details.attempts.length]).toEqual([1, 1]);
    inner.error = undefined;
    await write(keyring);
  });

  it('one that makes no data key is named', async () => {
    const fields = { provider: 'local-raw', keyId: 'app-2026', keyVersion: '', algorithm: ALGORITHM };
    const answers = [
      undefined,
      {},
      { keyMaterial: new Uint8Array(16), wrappedKeys: [{ ...fields, ciphertext: new Uint8Array(64) }] },
      { keyMaterial: new Uint8Array(32) },
      { keyMaterial: new Uint8Array(32), wrappedKeys: [] },
      { keyMaterial: new Uint8Array(32), wrappedKeys: [undefined] },
      // As bytes it would be 64 zeros, and as the only copy of the data key the end of the data.
      { keyMaterial: new Uint8Array(32), wrappedKeys: [{ ...fields, ciphertext: '64' }] },
      { keyMaterial: new Uint8Array(32), wrappedKeys: [{ ...fields, ciphertext: new Uint8Array(0) }] },
    ];
    for (const answer of answers) {
      const keyring = cachingKeyring({ keyring: { ...inner.keyring, generate: async () => await Promise.resolve(answer as never) } });
      const { cause } = await failure(write(keyring), 'wrap-failed');
      expect(cause).toMatchObject({ code: 'keyring-contract' });
    }
  });
});

describe('a caller who gives up', () => {
  it('leaves the others their data key', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring });
    let release = (): void => undefined;
    inner.held.wrap = new Promise<void>((resolve) => (release = resolve));
    const controller = new AbortController();
    const given = write(keyring, 'acme', controller.signal);
    const other = write(keyring);
    await until(() => inner.counts.wrap === 1);
    controller.abort();
    await failure(given, 'aborted');
    expect(inner.signals[0]?.aborted).toBe(false);
    release();
    await other;
    expect(inner.counts.wrap).toBe(1);
  });

  it('ends the call when nobody waits any more, and does not wait for it', async () => {
    const keyring = cachingKeyring({ keyring: inner.keyring });
    inner.held.wrap = new Promise(() => undefined);
    const controller = new AbortController();
    const given = write(keyring, 'acme', controller.signal);
    await until(() => inner.counts.wrap === 1);
    controller.abort();
    await failure(given, 'aborted');
    expect(inner.signals[0]?.aborted).toBe(true);
    delete inner.held.wrap;
    await write(keyring);
    expect(inner.counts.wrap).toBe(2);
  });
});
