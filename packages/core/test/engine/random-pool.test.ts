import { randomFillSync } from 'node:crypto';
import type * as Crypto from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomBytesFromPool } from '../../src/engine/random-pool.js';
import { hex } from '../support/bytes.js';

// The platform's generator as it is, but for a record of the calls.
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof Crypto>();
  return { ...crypto, randomFillSync: vi.fn(crypto.randomFillSync) };
});

const fills = vi.mocked(randomFillSync);

let day = 0;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  // Each test has a day of its own, so that none finds the pool of another.
  vi.setSystemTime(++day * 86_400_000);
  randomBytesFromPool(16);
  fills.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the pool of random bytes', () => {
  it('is filled once for many small requests, and again when it is used up', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 255; i++) seen.add(hex(randomBytesFromPool(16)));
    expect(fills).toHaveBeenCalledTimes(0);
    for (let i = 0; i < 256; i++) seen.add(hex(randomBytesFromPool(16)));
    expect(fills).toHaveBeenCalledTimes(1);
    expect(seen.size).toBe(255 + 256);
  });

  it('is not used for large requests', () => {
    randomBytesFromPool(1024);
    expect(fills).toHaveBeenCalledTimes(0);
    expect(randomBytesFromPool(1025)).toHaveLength(1025);
    expect(fills).toHaveBeenCalledTimes(1);
    expect(fills.mock.calls[0]?.[0]).toHaveLength(1025);
  });

  it('is thrown away after a second: a machine that was resumed from a snapshot has other bytes', () => {
    vi.setSystemTime(Date.now() + 1000);
    randomBytesFromPool(16);
    expect(fills).toHaveBeenCalledTimes(0);
    vi.setSystemTime(Date.now() + 1);
    randomBytesFromPool(16);
    expect(fills).toHaveBeenCalledTimes(1);
  });

  it('is thrown away when the clock goes back', () => {
    vi.setSystemTime(Date.now() - 1);
    randomBytesFromPool(16);
    expect(fills).toHaveBeenCalledTimes(1);
  });

  it('keeps no byte that it has given', () => {
    const [pool] = (() => {
      vi.setSystemTime(Date.now() + 5000);
      randomBytesFromPool(1000);
      return fills.mock.calls[0] as unknown as [Uint8Array];
    })();
    expect(pool.subarray(0, 1000).every((byte) => byte === 0)).toBe(true);
    const next = randomBytesFromPool(24);
    expect(pool.subarray(0, 1024).every((byte) => byte === 0)).toBe(true);
    expect(pool.subarray(1024, 1100).every((byte) => byte === 0)).toBe(false);
    expect(next).toHaveLength(24);
  });
});
