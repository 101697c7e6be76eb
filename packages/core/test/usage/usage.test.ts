import { describe, expect, it } from 'vitest';
import { canOpen, encrypt, encryptDetached, inspect, keksOf, keyUsage, mayDestroy } from '../../src/index.js';
import type { KekVersion, NamedHeader } from '../../src/index.js';
import { encodeQuorum } from '../../src/format/quorum.js';
import { encodeHeader } from '../../src/format/header.js';
import { DEFAULT_LIMITS } from '../../src/format/limits.js';
import type { WrappedKey } from '../../src/format/wrapped-key.js';
import { patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { never, until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';

function key(keyId: string, keyVersion = '', provider = 'p'): WrappedKey {
  return { provider, keyId, keyVersion, algorithm: 'A', ciphertext: patterned(8) };
}

function pending(keyId: string, provider = 'p'): WrappedKey {
  return { provider, keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) };
}

/** A quorum over shares, each of which any one of its keys gives. */
function quorum(keyId: string, threshold: number, ...shares: readonly (readonly WrappedKey[])[]): WrappedKey {
  const ciphertext = encodeQuorum({ threshold, shares: shares.map((wrappedKeys, i) => ({ index: i + 1, wrappedKeys })) });
  return { provider: 'quorum', keyId, keyVersion: '', algorithm: 'SHAMIR-GF256', ciphertext };
}

/** A header with these wrapped keys; its MAC is none, which nobody looks at here. */
function header(id: string, ...wrappedKeys: readonly WrappedKey[]): NamedHeader {
  const identity = { suite: 1, segmentLog2: 17, flags: 0, messageId: patterned(16), context: [] };
  return { id, header: encodeHeader(identity, { revision: 0, wrappedKeys, paddingLength: 0 }, DEFAULT_LIMITS) };
}

const headers = [
  header('single', key('a', '1')),
  header('several', key('a', '1'), key('b')),
  header('versions', key('a', '1'), key('a', '2')),
  header('pending', key('a', '2'), pending('b')),
  header('two-of-three', quorum('board', 2, [key('a', '1')], [key('b')], [key('c')])),
  header('either-or', quorum('board', 2, [key('a', '1'), key('d')], [key('b')]), key('recovery', '', 'local-raw')),
  header('both', quorum('board', 2, [key('a', '1')], [key('b')])),
  header('pending-quorum', key('c'), pending('board', 'quorum')),
];

describe('keyUsage', () => {
  it('tells for each version of each KEK how many envelopes have it, and how many have no other way in', async () => {
    const report = await keyUsage(headers);
    expect(report).toEqual({
      envelopes: 8,
      unreadable: [],
      keys: [
        { provider: 'local-raw', keyId: 'recovery', keyVersion: '', envelopes: 1, lastWayIn: 0, lastWayInIds: [], pending: 0 },
        { provider: 'p', keyId: 'a', keyVersion: '1', envelopes: 6, lastWayIn: 2, lastWayInIds: ['single', 'both'], pending: 0 },
        { provider: 'p', keyId: 'a', keyVersion: '2', envelopes: 2, lastWayIn: 1, lastWayInIds: ['pending'], pending: 0 },
        { provider: 'p', keyId: 'b', keyVersion: '', envelopes: 4, lastWayIn: 1, lastWayInIds: ['both'], pending: 1 },
        { provider: 'p', keyId: 'c', keyVersion: '', envelopes: 2, lastWayIn: 1, lastWayInIds: ['pending-quorum'], pending: 0 },
        { provider: 'p', keyId: 'd', keyVersion: '', envelopes: 1, lastWayIn: 0, lastWayInIds: [], pending: 0 },
        { provider: 'quorum', keyId: 'board', keyVersion: '', envelopes: 0, lastWayIn: 0, lastWayInIds: [], pending: 1 },
      ],
    });
  });

  it('of nothing is empty', async () => {
    expect(await keyUsage([])).toEqual({ envelopes: 0, keys: [], unreadable: [] });
  });

  it('does not take one key for another whose names run together', async () => {
    const { keys } = await keyUsage([header('x', key('ab', 'c'), key('a', 'bc'))]);
    expect(keys.map(({ keyId, keyVersion }) => [keyId, keyVersion])).toEqual([['a', 'bc'], ['ab', 'c']]);
  });

  it('lists the ids of up to a hundred envelopes, and counts them all', async () => {
    const { keys } = await keyUsage(Array.from({ length: 150 }, (_, i) => header(`id-${i}`, key('a'))));
    expect(keys[0]).toMatchObject({ envelopes: 150, lastWayIn: 150 });
    expect(keys[0]?.lastWayInIds).toEqual(Array.from({ length: 100 }, (_, i) => `id-${i}`));
  });

  it('takes real headers, whole envelopes, and the beginnings of envelopes', async () => {
    const keyring = new TestKeyring({ name: 'kek-7' });
    const envelope = await encrypt(patterned(9000), { keyring });
    const { header: detached } = await encryptDetached(patterned(5), { keyring });
    const given = [detached, envelope, envelope.subarray(0, inspect(envelope).headerLength + 3)];
    const { keys, unreadable } = await keyUsage(given.map((bytes, i) => ({ id: String(i), header: bytes })));
    expect(unreadable).toEqual([]);
    expect(keys).toMatchObject([{ provider: 'test', keyId: 'kek-7', envelopes: 3, lastWayIn: 3 }]);
    expect(keyring.operations).toEqual(['wrap', 'wrap']);
  });
});

const bad: readonly NamedHeader[] = [
  { id: 'cut off', header: header('', key('a')).header.subarray(0, 40) },
  { id: 'plaintext', header: patterned(100) },
  { id: 'empty', header: new Uint8Array(0) },
  { id: 'no bytes', header: 'keyfold1h.AAAA' as unknown as Uint8Array },
];

describe('headers that cannot be read', () => {
  it('are named, and counted for nothing', async () => {
    const report = await keyUsage([...bad, ...headers]);
    expect(report.envelopes).toBe(8);
    expect(report.unreadable.map(({ id }) => id)).toEqual(bad.map(({ id }) => id));
    for (const { error } of report.unreadable) expect(error).toMatchObject({ code: expect.any(String) as string });
  });

  it('make it unsafe to destroy anything', async () => {
    const verdict = await mayDestroy({ provider: 'p', keyId: 'nobody-has-it' }, [...headers, ...bad.slice(0, 1)]);
    expect(verdict).toMatchObject({ safe: false, unused: false, envelopes: 0, lastWayIn: 0, unreadable: [{ id: 'cut off' }] });
  });

  it('are read when the caller’s limits allow for them', async () => {
    const large = header('large', key('k'.repeat(65_000)));
    expect((await keyUsage([large])).unreadable).toEqual([]);
    expect((await keyUsage([large], { limits: { headerBytes: 60_000 } })).unreadable).toMatchObject([{ error: { code: 'limit-exceeded' } }]);
  });
});

describe('mayDestroy', () => {
  it.each<[Partial<KekVersion>, readonly string[], number]>([
    [{ keyId: 'a' }, ['single', 'versions', 'pending', 'both'], 7],
    [{ keyId: 'a', keyVersion: '1' }, ['single', 'both'], 6],
    [{ keyId: 'a', keyVersion: '2' }, ['pending'], 2],
    [{ keyId: 'a', keyVersion: '3' }, [], 0],
    [{ keyId: 'b' }, ['both'], 4],
    [{ keyId: 'b', keyVersion: '' }, ['both'], 4],
    [{ keyId: 'a', keyVersion: '' }, ['single', 'versions', 'pending', 'both'], 7],
    [{ keyId: 'c' }, ['pending-quorum'], 2],
    [{ keyId: 'd' }, [], 1],
    [{ keyId: 'recovery', provider: 'local-raw' }, [], 1],
    [{ keyId: 'recovery' }, [], 0],
    [{ keyId: 'board', provider: 'quorum' }, [], 0],
  ])('%j', async (kek, lost, envelopes) => {
    const verdict = await mayDestroy({ provider: 'p', keyId: '', ...kek }, headers);
    expect(verdict).toEqual({
      safe: lost.length === 0,
      unused: envelopes === 0,
      envelopes,
      lastWayIn: lost.length,
      lastWayInIds: lost,
      unreadable: [],
    });
  });

  it('agrees with keyUsage on every version of every KEK', async () => {
    for (const row of (await keyUsage(headers)).keys) {
      const verdict = await mayDestroy(row, headers);
      expect([verdict.envelopes, verdict.lastWayInIds]).toEqual([row.envelopes, row.lastWayInIds]);
    }
  });

  it.each([
    ['kek.provider', {}],
    ['kek.provider', { provider: '', keyId: 'a' }],
    ['kek.keyId', { provider: 'p' }],
    ['kek.keyId', { provider: 'p', keyId: undefined }],
    ['kek.keyId', { provider: 'p', keyId: '' }],
    ['kek.keyId', { provider: 'p', keyId: 7 }],
    ['kek.keyVersion', { provider: 'p', keyId: 'a', keyVersion: 3 }],
    ['kek.keyVersion', { provider: 'p', keyId: 'a', keyVersion: null }],
  ])('refuses a KEK that names none, rather than call it safe: %s of %j', async (argument, kek) => {
    const error = await failure(mayDestroy(kek as never, headers), 'invalid-argument');
    expect(error.details).toEqual({ argument });
  });
});

describe('an envelope and the KEKs that are left', () => {
  const alive = (...keyIds: readonly string[]) => ({ keyId }: KekVersion): boolean => keyIds.includes(keyId);
  const [twoOfThree, eitherOr] = [4, 5].map((i) => inspect((headers[i] as NamedHeader).header).wrappedKeys);

  it.each([
    [['a', 'b'], true, true], [['b', 'c'], true, false], [['a'], false, false], [[], false, false],
    [['recovery'], false, true], [['d', 'b'], false, true], [['a', 'd'], false, false], [['board'], false, false],
  ])('%j', (keyIds, first, second) => {
    expect(canOpen(twoOfThree ?? [], alive(...keyIds))).toBe(first);
    expect(canOpen(eitherOr ?? [], alive(...keyIds))).toBe(second);
  });

  it('a pending key opens nothing, even when its KEK is there', () => {
    const { wrappedKeys } = inspect((headers[3] as NamedHeader).header);
    expect(canOpen(wrappedKeys, alive('b'))).toBe(false);
    expect(keksOf(wrappedKeys).map(({ keyId, pending: isPending }) => [keyId, isPending])).toEqual([['a', false], ['b', true]]);
  });
});

describe.each([
  ['keyUsage', async (given: unknown, signal?: AbortSignal) => await keyUsage(given as NamedHeader[], signal === undefined ? {} : { signal })],
  ['mayDestroy', async (given: unknown, signal?: AbortSignal) =>
    await mayDestroy({ provider: 'p', keyId: 'a' }, given as NamedHeader[], signal === undefined ? {} : { signal })],
] as const)('the source of %s', (_name, report) => {
  it('may be an array, a generator, or an async one', async () => {
    const expected = await report(headers);
    expect(await report((function* () { yield* headers; })())).toEqual(expected);
    expect(await report((async function* () { await Promise.resolve(); yield* headers; })())).toEqual(expected);
  });

  it('may be nothing else', async () => {
    for (const given of [undefined, null, 7, {}]) {
      expect((await failure(report(given), 'invalid-argument')).details).toEqual({ argument: 'headers' });
    }
  });

  it('fails the report with its own error', async () => {
    expect(await thrownBy(report((async function* () { yield headers[0]; throw new Error('database'); await Promise.resolve(); })()))).toEqual(new Error('database'));
  });

  it('is not waited for once the signal has fired, and is told', async () => {
    const controller = new AbortController();
    let asked = 0;
    let told = false;
    const hanging: AsyncIterable<NamedHeader> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => (asked++ < 2 ? { done: false, value: headers[0] as NamedHeader } : await never()),
        return: async () => { told = true; return await never(); },
      }),
    };
    const reporting = report(hanging, controller.signal);
    await until(() => asked === 3);
    controller.abort();
    await failure(reporting, 'aborted');
    expect(told).toBe(true);
    await failure(report(headers, AbortSignal.abort()), 'aborted');
  });
});
