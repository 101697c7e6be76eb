import { describe, expect, it } from 'vitest';
import type { FormatRule } from '../../src/errors/format-rule.js';
import { parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { encodeQuorum, parseQuorum } from '../../src/format/quorum.js';
import { concat } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { rawHeader, rawWrappedKey, u8 } from '../support/raw-header.js';
import type { RawWrappedKey } from '../support/raw-header.js';

const limits = resolveLimits({}, 'limits');

interface RawShare {
  readonly index?: number;
  readonly count?: number;
  readonly keys?: readonly RawWrappedKey[];
}

/** A quorum's ciphertext; shares are numbered from 1 on and hold one key each unless they say otherwise. */
function rawQuorum(
  shares: readonly RawShare[],
  { threshold = 2, count = shares.length, extra = new Uint8Array(0) }: { threshold?: number; count?: number; extra?: Uint8Array } = {},
): Uint8Array {
  return concat(
    u8(threshold),
    u8(count),
    ...shares.flatMap(({ index, count: keyCount, keys = [{}] }, i) => [
      u8(index ?? i + 1),
      u8(keyCount ?? keys.length),
      ...keys.map((key, k) => rawWrappedKey({ keyId: `leaf-${i}-${k}`, ...key })),
    ]),
    extra,
  );
}

function headerWith(ciphertext: Uint8Array, fields: RawWrappedKey = {}, others: readonly RawWrappedKey[] = []): Uint8Array {
  const quorum = { provider: 'quorum', keyId: 'policy', algorithm: 'SHAMIR-GF256', ciphertext, ...fields };
  return rawHeader({ wrappedKeys: [quorum, ...others] });
}

const ALGORITHM = 'SHAMIR-GF256';
/** Where the ciphertext of a header's only wrapped key begins: behind its other four fields. */
const CIPHERTEXT = 40 + (1 + 6) + (2 + 6) + 1 + (1 + ALGORITHM.length) + 2;
/** Where share 1 begins, and its key; a leaf of these tests is 23 bytes long. */
const SHARE = CIPHERTEXT + 2;
const LEAF = 23;

const two: readonly RawShare[] = [{}, {}];

const broken: readonly (readonly [FormatRule, string, Uint8Array, number])[] = [
  ['quorum-fields', 'another algorithm', headerWith(rawQuorum(two), { algorithm: 'SHAMIR-GF257' }), CIPHERTEXT],
  ['quorum-fields', 'a version', headerWith(rawQuorum(two), { keyVersion: '1' }), CIPHERTEXT + 1],
  ['quorum-threshold', 'one of two', headerWith(rawQuorum(two, { threshold: 1 })), CIPHERTEXT],
  ['quorum-threshold', 'none of two', headerWith(rawQuorum(two, { threshold: 0 })), CIPHERTEXT],
  ['quorum-threshold', 'three of two', headerWith(rawQuorum(two, { threshold: 3 })), CIPHERTEXT],
  ['quorum-threshold', 'two of seventeen', headerWith(rawQuorum(Array.from({ length: 17 }, () => ({})))), CIPHERTEXT],
  ['quorum-share-index', 'share number 0', headerWith(rawQuorum([{ index: 0 }, {}])), SHARE],
  ['quorum-share-index', 'one number twice', headerWith(rawQuorum([{ index: 5 }, { index: 5 }])), SHARE + 2 + LEAF],
  ['quorum-share-index', 'numbers that descend', headerWith(rawQuorum([{ index: 5 }, { index: 4 }])), SHARE + 2 + LEAF],
  ['quorum-share-empty', 'a share of no keys', headerWith(rawQuorum([{}, { keys: [] }])), SHARE + 2 + LEAF + 1],
  ['quorum-pending', 'a pending leaf', headerWith(rawQuorum([{ keys: [{ algorithm: '', ciphertext: u8(0).subarray(1) }] }, {}])), SHARE + 2],
  ['quorum-nested', 'a quorum inside', headerWith(rawQuorum([{ keys: [{ provider: 'quorum' }] }, {}])), SHARE + 2],
  ['quorum-overrun', 'nothing at all but a threshold', headerWith(u8(2)), CIPHERTEXT + 1],
  ['quorum-overrun', 'fewer shares than it says', headerWith(rawQuorum(two, { count: 3 })), SHARE + 2 * (2 + LEAF)],
  ['quorum-overrun', 'fewer keys than a share says', headerWith(rawQuorum([{}, { count: 2 }])), SHARE + 2 * (2 + LEAF)],
  ['quorum-trailing-bytes', 'a byte behind the shares', headerWith(rawQuorum(two, { extra: u8(0) })), SHARE + 2 * (2 + LEAF)],
  ['provider-charset', 'a leaf of a provider in capitals', headerWith(rawQuorum([{ keys: [{ provider: 'TEST' }] }, {}])), SHARE + 2],
  ['wrapped-key-order', 'leaves of a share that descend', headerWith(rawQuorum([{ keys: [{ keyId: 'leaf-b' }, { keyId: 'leaf-a' }] }, {}])), SHARE + 2 + 21],
  ['wrapped-key-duplicate', 'one leaf twice', headerWith(rawQuorum([{ keys: [{ keyId: 'x' }] }, { keys: [{ keyId: 'x' }] }])), 40],
  ['wrapped-key-duplicate', 'one leaf twice in a share', headerWith(rawQuorum([{ keys: [{ keyId: 'x' }, { keyId: 'x' }] }, {}])), 40],
];

describe('a quorum that breaks a rule of the format', () => {
  it.each(broken)('%s: %s', async (rule, _what, header, offset) => {
    const error = await failure(() => parseHeader(header, limits), 'malformed');
    expect(error.details).toEqual({ rule, offset });
  });

  it('wrapped-key-duplicate: a leaf that is a top-level key too', async () => {
    const header = headerWith(rawQuorum([{ keys: [{ keyId: 'x' }] }, {}]), {}, [{ keyId: 'x' }]);
    const error = await failure(() => parseHeader(header, limits), 'malformed');
    expect(error.details.rule).toBe('wrapped-key-duplicate');
  });

  it('wrapped-count: more than 32 with the quorum and its leaves', async () => {
    const shares = (leaves: number): RawShare[] => [
      {},
      { keys: Array.from({ length: leaves - 1 }, (_, i) => ({ keyId: `x${String(i).padStart(2, '0')}` })) },
    ];
    expect(parseHeader(headerWith(rawQuorum(shares(31))), limits).wrapping.wrappedKeys).toHaveLength(1);
    const error = await failure(() => parseHeader(headerWith(rawQuorum(shares(32))), limits), 'malformed');
    expect(error.details.rule).toBe('wrapped-count');
  });
});

describe('a quorum', () => {
  it.each([
    ['two of two', rawQuorum(two)],
    ['sixteen of sixteen', rawQuorum(Array.from({ length: 16 }, () => ({})), { threshold: 16 })],
    ['share numbers with gaps, up to 255', rawQuorum([{ index: 3 }, { index: 255 }])],
    ['several keys to a share', rawQuorum([{ keys: [{ keyId: 'a' }, { keyId: 'b' }] }, {}])],
  ])('is read and written again: %s', (_what, ciphertext) => {
    const [wrappedKey] = parseHeader(headerWith(ciphertext), limits).wrapping.wrappedKeys;
    expect(wrappedKey).toBeDefined();
    if (wrappedKey !== undefined) expect(encodeQuorum(parseQuorum(wrappedKey, 0))).toEqual(ciphertext);
  });

  it('gives threshold, share numbers and leaves', () => {
    const ciphertext = rawQuorum([{ index: 7 }, { index: 9, keys: [{ keyVersion: '3' }] }, { index: 11 }]);
    const key = { provider: 'quorum', keyId: 'policy', keyVersion: '', algorithm: ALGORITHM, ciphertext };
    const leaf = { provider: 'test', keyVersion: '', algorithm: 'A', ciphertext: Uint8Array.of(1, 2, 3) };
    expect(parseQuorum(key, 0)).toEqual({
      threshold: 2,
      shares: [
        { index: 7, wrappedKeys: [{ ...leaf, keyId: 'leaf-0-0' }] },
        { index: 9, wrappedKeys: [{ ...leaf, keyId: 'leaf-1-0', keyVersion: '3' }] },
        { index: 11, wrappedKeys: [{ ...leaf, keyId: 'leaf-2-0' }] },
      ],
    });
  });

  it('may be pending as a whole', () => {
    const header = headerWith(new Uint8Array(0), { algorithm: '' }, [{}]);
    expect(parseHeader(header, limits).wrapping.wrappedKeys.map(({ ciphertext }) => ciphertext.length)).toEqual([0, 3]);
  });

  it('is written with the leaves of a share in their order', () => {
    const leaf = (keyId: string) => ({ provider: 'p', keyId, keyVersion: '', algorithm: 'A', ciphertext: Uint8Array.of(1) });
    const quorum = (...wrappedKeys: ReturnType<typeof leaf>[]) => ({ threshold: 2, shares: [{ index: 1, wrappedKeys }] });
    expect(encodeQuorum(quorum(leaf('b'), leaf('a')))).toEqual(encodeQuorum(quorum(leaf('a'), leaf('b'))));
  });
});
