/** Unwrapped data keys, remembered. */
import { decrypt, encrypt, encryptDetached, inspect, rewrap } from '@keyfold/core';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachingKeyring } from '../src/index.js';
import type { CachingKeyring } from '../src/index.js';
import { counting } from './support/counting.js';
import type { Counting } from './support/counting.js';
import { idle, until } from './support/until.js';

const plaintext = new TextEncoder().encode('the only copy');
const context = { tenant: 'acme' };

let inner: Counting;
let keyring: CachingKeyring;
let envelope: Uint8Array<ArrayBuffer>;
beforeEach(async () => {
  inner = counting();
  keyring = cachingKeyring({ keyring: inner.keyring });
  envelope = await encrypt(plaintext, { keyring: inner.keyring, context });
});

const open = async (bytes = envelope, signal?: AbortSignal): Promise<Uint8Array> =>
  await decrypt(bytes, { keyring, context, ...(signal === undefined ? {} : { signal }) });

/** Calls to the keyring inside are held until this is called. */
function hold(): () => void {
  let release = (): void => undefined;
  inner.held.unwrap = new Promise<void>((resolve) => (release = resolve));
  return () => {
    release();
  };
}

it('opens an envelope again without a call', async () => {
  for (let i = 0; i < 3; i++) expect(await open()).toEqual(plaintext);
  expect(inner.counts.unwrap).toBe(1);
});

it('opens all envelopes of one data key with one call', async () => {
  const writer = cachingKeyring({ keyring: inner.keyring });
  for (let i = 0; i < 3; i++) expect(await open(await encrypt(plaintext, { keyring: writer, context }))).toEqual(plaintext);
  expect(inner.counts.unwrap).toBe(1);
});

it('remembers nothing of what it wrote: what it opens, the keyring inside has opened', async () => {
  expect(await open(await encrypt(plaintext, { keyring, context }))).toEqual(plaintext);
  expect(inner.counts.unwrap).toBe(1);
});

describe('asks the keyring inside again', () => {
  beforeEach(async () => {
    await open();
  });

  it('for another envelope', async () => {
    await open(await encrypt(plaintext, { keyring: inner.keyring, context }));
    expect(inner.counts.unwrap).toBe(2);
  });

  it('for the same wrapped key under another context, which that refuses', async () => {
    const { wrappedKeys } = wrappedKeysOf();
    const { details } = await failure(
      decrypt(swapContext(envelope), { keyring, context: { tenant: 'evil' } }),
      'unwrap-failed',
    );
    expect(details.attempts).toMatchObject([{ reason: 'integrity' }]);
    expect(wrappedKeys.length).toBe(1);
    expect(inner.counts.unwrap).toBe(2);
  });

  it('for any field of the wrapped key that was changed, which that refuses', async () => {
    const { at, length } = wrappedKeysOf();
    for (let i = at; i < at + length; i++) {
      const changed = new Uint8Array(envelope);
      changed[i] = (changed[i] as number) ^ 1;
      await expect(open(changed), `byte ${i}`).rejects.toThrow();
    }
    expect(await open()).toEqual(plaintext);
  });

  it('after clear, also where it was under way then', async () => {
    keyring.clear();
    await open();
    expect(inner.counts.unwrap).toBe(2);
    keyring.clear();
    const release = hold();
    const opening = open();
    await until(() => inner.counts.unwrap === 3);
    keyring.clear();
    release();
    await opening;
    await open();
    expect(inner.counts.unwrap).toBe(4);
  });

  it('to wrap and to check', async () => {
    await rewrap(await headerOf(), { keyring, wrapWith: keyring, context });
    expect(inner.counts.wrap).toBeGreaterThan(1);
    expect('check' in keyring).toBe(false);
    expect(await cachingKeyring({ keyring: rawAesKeyring({ name: 'x', key: generateAesKey() }) }).check?.({ signal: new AbortController().signal })).toHaveLength(1);
  });
});

it('does not open a header whose MAC does not verify, though its data key is known', async () => {
  await open();
  const changed = new Uint8Array(envelope);
  const lastOfMac = inspect(envelope).headerLength - 1;
  changed[lastOfMac] = (changed[lastOfMac] as number) ^ 1;
  await failure(open(changed), 'unwrap-failed');
});

it('keeps nothing when the MAC does not verify', async () => {
  const changed = new Uint8Array(envelope);
  const lastOfMac = inspect(envelope).headerLength - 1;
  changed[lastOfMac] = (changed[lastOfMac] as number) ^ 1;
  for (let i = 0; i < 2; i++) await failure(open(changed), 'unwrap-failed');
  // Each asks once more by itself, since another's header may be what is wrong.
  expect(inner.counts.unwrap).toBe(2);
  await open();
  expect(inner.counts.unwrap).toBe(3);
});

it('leaves alone what is not its own', async () => {
  const other = cachingKeyring({ keyring: rawAesKeyring({ name: 'other', key: generateAesKey() }) });
  for (let i = 0; i < 2; i++) await failure(decrypt(envelope, { keyring: other, context }), 'no-matching-key');
});

describe('callers at the same time', () => {
  it('share one call', async () => {
    const release = hold();
    const opening = Promise.all(Array.from({ length: 5 }, async () => await open()));
    await until(() => inner.counts.unwrap === 1);
    release();
    for (const opened of await opening) expect(opened).toEqual(plaintext);
    expect(inner.counts.unwrap).toBe(1);
  });

  it('do not share the error of one whose header is damaged', async () => {
    const changed = new Uint8Array(envelope);
    const lastOfMac = inspect(envelope).headerLength - 1;
    changed[lastOfMac] = (changed[lastOfMac] as number) ^ 1;
    const release = hold();
    const damaged = failure(open(changed), 'unwrap-failed');
    await until(() => inner.counts.unwrap === 1);
    const sound = open();
    await idle();
    release();
    await damaged;
    expect(await sound).toEqual(plaintext);
  });

  it('go on when one gives up', async () => {
    const release = hold();
    const controller = new AbortController();
    const given = open(envelope, controller.signal);
    await until(() => inner.counts.unwrap === 1);
    const other = open();
    await idle();
    controller.abort();
    await failure(given, 'aborted');
    expect(inner.signals.at(-1)?.aborted).toBe(false);
    release();
    expect(await other).toEqual(plaintext);
    expect(inner.counts.unwrap).toBe(1);
  });
});

describe('an unwrapped data key', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    // A clock at 0 has no ages.
    vi.advanceTimersByTime(1);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is remembered for maxAge ms from the call on, however often it is used', async () => {
    keyring = cachingKeyring({ keyring: inner.keyring, maxAge: 10_000 });
    await open();
    for (let i = 0; i < 2; i++) {
      vi.advanceTimersByTime(4_999);
      await open();
    }
    expect(inner.counts.unwrap).toBe(1);
    vi.advanceTimersByTime(3);
    inner.error = new Error('The permission was taken away.');
    await failure(open(), 'unwrap-failed');
  });
});

/** Where the envelope's one wrapped key lies: behind its count, up to the padding's length and the MAC. */
function wrappedKeysOf(): { readonly wrappedKeys: readonly unknown[]; readonly at: number; readonly length: number } {
  const { wrappedKeys, headerLength } = inspect(envelope);
  const at = Buffer.from(envelope).indexOf('local-raw') - 1;
  return { wrappedKeys, at, length: headerLength - 32 - 2 - at };
}

/** The same header with another value in its context. */
function swapContext(bytes: Uint8Array): Uint8Array {
  const swapped = Buffer.from(bytes);
  swapped.write('evil', swapped.indexOf('acme'), 'latin1');
  return new Uint8Array(swapped);
}

async function headerOf(): Promise<Uint8Array> {
  return (await encryptDetached(plaintext, { keyring: inner.keyring, context })).header;
}
