/** Data keys leave nothing behind: what a cache kept is wiped when it leaves, and copies are their owners' to wipe. */
import { decrypt, encrypt } from '@keyfold/core';
import { encryptionContext } from '@keyfold/core/keyring';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachingKeyring } from '../src/index.js';
import type { CachingKeyring, CachingKeyringOptions } from '../src/index.js';
import { counting } from './support/counting.js';
import type { Counting } from './support/counting.js';
import { until } from './support/until.js';

const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
const signal = new AbortController().signal;

/** Byte strings of 32 that a constructor copied into while this runs, other than into small hashes: where keys may lie. */
function watchCopies(): { readonly copies: Uint8Array[]; stop(): void } {
  const copies: Uint8Array[] = [];
  const Original = globalThis.Uint8Array;
  const Watched = new Proxy(Original, {
    construct(target, args: [unknown, ...unknown[]], newTarget) {
      const made = Reflect.construct(target, args, newTarget) as Uint8Array;
      if (args[0] instanceof Original && args[0].length === 32) copies.push(made);
      return made;
    },
  });
  vi.stubGlobal('Uint8Array', Watched);
  return { copies, stop: () => void vi.unstubAllGlobals() };
}

let inner: Counting;
const make = (options: Partial<CachingKeyringOptions> = {}): CachingKeyring => cachingKeyring({ keyring: inner.keyring, ...options });

beforeEach(() => {
  inner = counting();
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  // A clock at 0 has no ages.
  vi.advanceTimersByTime(1);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Makes a data key, remembers the same one unwrapped, and gives every copy of it that is not wiped, anywhere. */
async function fill(keyring: CachingKeyring, pairs: Record<string, string> = {}): Promise<() => number> {
  const context = await encryptionContext(pairs);
  const watch = watchCopies();
  const made = await keyring.generate?.({ context, signal });
  const material = Uint8Array.from(made?.keyMaterial ?? []);
  const equals = (bytes: Uint8Array): boolean => bytes.every((byte, i) => byte === material[i]);
  const accepts = async (bytes: Uint8Array): Promise<boolean> => await Promise.resolve(equals(bytes));
  const opened = await keyring.unwrap({ wrappedKeys: made?.wrappedKeys ?? [], context, accepts, signal });
  watch.stop();
  made?.keyMaterial.fill(0);
  opened?.keyMaterial.fill(0);
  const places = [...new Set([...watch.copies, ...inner.seen])].filter((bytes) => equals(bytes));
  return () => places.filter((bytes) => equals(bytes) && !isWiped(bytes)).length;
}

it.each([false, true])('while it is remembered, it lies in the two caches and nowhere else (made by the KMS: %s)', async (generates) => {
  inner = counting('app-2026', generates);
  expect((await fill(make()))()).toBe(2);
});

describe('it is wiped', () => {
  it('by age, without anybody asking', async () => {
    const left = await fill(make({ maxAge: 1_000 }));
    vi.advanceTimersByTime(1_000);
    expect(left()).toBe(2);
    vi.advanceTimersByTime(2);
    expect(left()).toBe(0);
  });

  it('by clear', async () => {
    const keyring = make();
    const left = await fill(keyring);
    keyring.clear();
    expect(left()).toBe(0);
  });

  it('when others need the room', async () => {
    const keyring = make({ maxKeys: 1 });
    const left = await fill(keyring, { tenant: 'acme' });
    await fill(keyring, { tenant: 'umbrella' });
    expect(left()).toBe(0);
  });

  it.each(['wrap', 'unwrap'] as const)('when the cache was cleared during the call to %s', async (operation) => {
    const keyring = make();
    let release = (): void => undefined;
    inner.held[operation] = new Promise<void>((resolve) => (release = resolve));
    const filling = fill(keyring);
    await until(() => inner.counts[operation] === 1);
    keyring.clear();
    release();
    const left = await filling;
    // The other of the two was remembered after that.
    if (operation === 'wrap') keyring.clear();
    vi.advanceTimersByTime(1);
    expect(left()).toBe(0);
  });
});

it('wiping what one caller got takes nothing from the next', async () => {
  const keyring = make();
  const plaintext = new TextEncoder().encode('hello');
  for (let i = 0; i < 3; i++) expect(await decrypt(await encrypt(plaintext, { keyring }), { keyring })).toEqual(plaintext);
});
