/** What the quorum takes from its package for Shamir's scheme, against the specification's formulas. */
import { encryptionContext, parseQuorum } from '@keyfold/core/keyring';
import { combine, split } from 'shamir-secret-sharing';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { quorumKeyring } from '../src/index.js';
import { combineShares, splitKey } from '../src/sharing/shamir.js';
import { inverse, interpolate, multiply } from './support/gf256.js';
import type { Point } from './support/gf256.js';
import { member } from './support/member.js';
import { DATA_KEY, wrapOne } from './support/opening.js';

const numRuns = process.env['KEYFOLD_CI'] === '1' ? 1_000 : 100;
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const points = (shares: readonly { readonly index: number; readonly bytes: Uint8Array }[]): Point[] =>
  shares.map(({ index, bytes }) => ({ x: index, y: bytes }));

describe('the field', () => {
  it('is that of AES, by the worked example of FIPS 197, section 4.2', () => {
    expect(multiply(0x57, 0x83)).toBe(0xc1);
    expect(multiply(0x57, 0x13)).toBe(0xfe);
    expect(inverse(0x53)).toBe(0xca);
  });

  it('is the package’s, for every two elements', async () => {
    // Two points of a line, (x1, y) and (1, 0), give y / (x1 + 1): every byte times everything but 0 and 1.
    for (let x1 = 2; x1 < 256; x1++) {
      const x2 = 1;
      const [all, zeros] = [Uint8Array.from({ length: 256 }, (_, y) => y), new Uint8Array(256)];
      const secret = await combine([Uint8Array.of(...all, x1), Uint8Array.of(...zeros, x2)]);
      expect(secret).toEqual(interpolate([{ x: x1, y: all }, { x: x2, y: zeros }]));
    }
  });
});

describe('splitting', () => {
  it('gives points of polynomials whose value at 0 is the key, in ascending order', async () => {
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 2, max: 16 }), fc.integer({ min: 2, max: 16 }), async (key, a, b) => {
        const [threshold, count] = [Math.min(a, b), Math.max(a, b)];
        const shares = await splitKey(key, count, threshold);
        const indices = shares.map(({ index }) => index);
        expect(indices).toEqual([...new Set(indices)].sort((x, y) => x - y));
        expect(indices[0]).toBeGreaterThan(0);
        expect(shares.every(({ bytes }) => bytes.length === 32)).toBe(true);
        expect(interpolate(points(shares.slice(0, threshold)))).toEqual(key);
        expect(interpolate(points(shares.slice(-threshold)))).toEqual(key);
        // All lie on the polynomial of k of them, so its degree is k - 1 at most.
        for (const { index, bytes } of shares) expect(interpolate(points(shares.slice(0, threshold)), index)).toEqual(bytes);
      }),
      { numRuns },
    );
  });

  it('draws every coefficient anew from all 256 values: no share of the same key comes twice, and k - 1 of them say nothing', async () => {
    const seen = new Set<string>();
    const counts = new Array<number>(256).fill(0);
    for (let i = 0; i < 1_000; i++) {
      const [share] = await splitKey(new Uint8Array(32), 2, 2);
      if (share === undefined) throw new Error('There is no share.');
      seen.add(Buffer.from(share.bytes).toString('hex'));
      for (const byte of share.bytes) counts[byte] = (counts[byte] ?? 0) + 1;
    }
    expect(seen.size).toBe(1_000);
    // Of a key of zeros, a share is c·x, and as uniform as the highest coefficient c. 125 of each value are expected, with a
    // deviation of 11. A c that is never zero, which tells something of a key that is split often, would show as no zeros.
    expect(Math.min(...counts)).toBeGreaterThan(125 - 7 * 11);
    expect(Math.max(...counts)).toBeLessThan(125 + 7 * 11);
  });

  it('takes a Buffer, and leaves it as it was', async () => {
    const key = Buffer.alloc(32, 7);
    const shares = await splitKey(key, 3, 2);
    expect(Buffer.from(await combineShares(shares.slice(1)))).toEqual(Buffer.alloc(32, 7));
    expect(key).toEqual(Buffer.alloc(32, 7));
  });
});

it('combining is Lagrange’s interpolation at 0, whatever the shares', async () => {
  const share = fc.record({ index: fc.integer({ min: 1, max: 255 }), bytes: keys });
  const sets = fc.uniqueArray(share, { minLength: 2, maxLength: 16, selector: ({ index }) => index });
  await fc.assert(
    fc.asyncProperty(sets, async (shares) => {
      const copies = shares.map(({ index, bytes }) => ({ index, bytes: new Uint8Array(bytes) }));
      expect(await combineShares(copies)).toEqual(interpolate(points(copies)));
      expect(copies).toEqual(shares.map(({ index, bytes }) => ({ index, bytes: new Uint8Array(bytes) })));
    }),
    { numRuns },
  );
});

it('what a quorum writes is what the specification says: the shares, opened one by one, give the data key', async () => {
  const members = ['a', 'b', 'c', 'd'].map((name) => member(name));
  const wrapped = await wrapOne(quorumKeyring({ name: 'board', threshold: 3, shares: members.map(({ keyring }) => keyring) }));
  const { threshold, shares } = parseQuorum(wrapped);
  expect(threshold).toBe(3);
  const context = await encryptionContext();
  const opened: Point[] = [];
  for (const [i, { index, wrappedKeys }] of shares.entries()) {
    const request = { wrappedKeys, context, accepts: async () => await Promise.resolve(true), signal: new AbortController().signal };
    const result = await members[i]?.keyring.unwrap(request);
    opened.push({ x: index, y: result?.keyMaterial ?? new Uint8Array() });
  }
  expect(interpolate(opened.slice(0, 3))).toEqual(DATA_KEY);
  expect(interpolate(opened.slice(1))).toEqual(DATA_KEY);
  expect(interpolate(opened.slice(2))).not.toEqual(DATA_KEY);
});

it('the package refuses what would break the scheme', async () => {
  await expect(split(new Uint8Array(32), 3, 1)).rejects.toThrow(RangeError);
  await expect(split(new Uint8Array(32), 1, 2)).rejects.toThrow(RangeError);
  const [share = new Uint8Array()] = await split(new Uint8Array(32), 2, 2);
  await expect(combine([share, share])).rejects.toThrow('duplicate');
});
