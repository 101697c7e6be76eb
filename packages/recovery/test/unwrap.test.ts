import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, encryptDetached, multiKeyring } from '@keyfold/core';
import type { Keyring, NamedHeader } from '@keyfold/core';
import type { UnwrapRequest, WrappedKey } from '@keyfold/core/keyring';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { blocking, drill } from '../src/index.js';
import { header, quorum, wrapped } from './support/headers.js';

const [a, b, c] = ['a', 'b', 'c'].map((name) => rawAesKeyring({ name, key: generateAesKey() })) as [Keyring, Keyring, Keyring];

/** A keyring that counts what it is asked for. */
function watched(keyring: Keyring): Keyring & { readonly requests: UnwrapRequest[] } {
  const requests: UnwrapRequest[] = [];
  const { specificationVersion, provider, name, keks } = keyring;
  return {
    specificationVersion,
    provider,
    name,
    keks,
    requests,
    wrap: async (request) => await keyring.wrap(request),
    unwrap: async (request) => {
      requests.push(request);
      return await keyring.unwrap(request);
    },
  };
}

async function write(id: string, members: readonly Keyring[], options: Parameters<typeof encrypt>[1] | object = {}): Promise<NamedHeader> {
  return { id, header: (await encryptDetached(new Uint8Array(3), { ...options, keyring: multiKeyring({ members }) })).header };
}

describe('blocking', () => {
  const keyring = multiKeyring({ members: [a, b] });

  it('opens with what is left', async () => {
    const envelope = await encrypt(new Uint8Array([1, 2, 3]), { keyring });
    expect(await decrypt(envelope, { keyring: blocking(keyring, ({ keyId }) => keyId === 'a') })).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('opens nothing when everything is lost, and does not even ask', async () => {
    const inner = watched(keyring);
    const envelope = await encrypt(new Uint8Array(3), { keyring });
    await expect(decrypt(envelope, { keyring: blocking(inner, () => true) })).rejects.toMatchObject({ code: 'no-matching-key' });
    expect(inner.requests).toEqual([]);
  });

  it('does not write', async () => {
    await expect(encrypt(new Uint8Array(3), { keyring: blocking(keyring, () => false) })).rejects.toMatchObject({
      code: 'wrap-failed',
      details: { attempts: [{ reason: 'misconfigured' }] },
    });
  });

  it.each<[string, readonly string[], readonly (readonly string[])[] | 'nothing']>([
    ['a leaf, where its share has another', ['a'], [['b'], ['c'], ['d']]],
    ['a share, where enough are left', ['c'], [['a', 'b'], ['d']]],
    ['the quorum, where too few are', ['c', 'd'], 'nothing'],
    ['a share by both its leaves', ['a', 'b'], [['c'], ['d']]],
  ])('takes out of a quorum %s', async (_, lost, expected) => {
    const board = quorum('board', 2, [[wrapped('p', 'a'), wrapped('p', 'b')], [wrapped('p', 'c')], [wrapped('p', 'd')]]);
    const { header: bytes } = await header('q', board);
    const seen: WrappedKey[] = [];
    const spy: Keyring = {
      ...a,
      wrap: a.wrap.bind(a),
      unwrap: async ({ wrappedKeys }) => {
        seen.push(...wrappedKeys);
        return await Promise.resolve(null);
      },
    };
    await expect(decrypt(bytes, { keyring: blocking(spy, ({ keyId }) => lost.includes(keyId)) })).rejects.toMatchObject({ code: expect.any(String) as string });
    // What the keyring got is a quorum as any header could hold it: it goes into one again, and is read there.
    const left = seen.length === 0 ? 'nothing' : (await drill([await header('again', ...seen)])).keys.map(({ keyId }) => keyId);
    expect(left).toEqual(expected === 'nothing' ? 'nothing' : expected.flat().sort());
  });
});

describe('a drill that really opens', () => {
  it('opens each envelope with what is left in each scenario, and tells which key did', async () => {
    const report = await drill([await write('1', [a, b]), await write('2', [a, b])], { require: ['any-key'], unwrap: { keyring: multiKeyring({ members: [a, b] }) } });
    const by = Object.fromEntries(report.scenarios.map(({ name, unwrapped }) => [name, unwrapped?.openedBy]));
    expect(by['nothing is lost']).toEqual([{ provider: 'local-raw', keyId: 'a', envelopes: 2 }]);
    expect(by['key local-raw:a']).toEqual([{ provider: 'local-raw', keyId: 'b', envelopes: 2 }]);
    expect(by['key local-raw:b']).toEqual([{ provider: 'local-raw', keyId: 'a', envelopes: 2 }]);
    expect(by['key local-raw:a and key local-raw:b']).toBeUndefined();
    expect(report.verdict).toMatchObject({ level: 'green', holds: true });
    expect(report.unwrapped).toEqual({ tried: 2, failed: 0 });
  });

  it('is red where a key does not hold what headers promise', async () => {
    const wrong = rawAesKeyring({ name: 'b', key: generateAesKey() });
    const report = await drill([await write('1', [a, b])], { require: ['any-key'], unwrap: { keyring: multiKeyring({ members: [a, wrong] }) } });
    expect(report.verdict).toMatchObject({ level: 'red', holds: false, headline: '1 envelope did not open with keys that its header promises.' });
    const lost = report.scenarios.find(({ name }) => name === 'key local-raw:a');
    expect(lost?.unwrapped).toMatchObject({ tried: 1, opened: 0, failed: 1, failures: [{ id: '1', code: 'unwrap-failed' }] });
    expect(report.scenarios.find(({ name }) => name === 'key local-raw:b')?.unwrapped).toMatchObject({ opened: 1, failed: 0 });
  });

  it('is red where the keyring lacks a key', async () => {
    const report = await drill([await write('1', [a, b])], { require: ['any-key'], unwrap: { keyring: a } });
    expect(report.scenarios.find(({ name }) => name === 'key local-raw:a')?.unwrapped?.failures).toMatchObject([{ code: 'no-matching-key' }]);
    expect(report.verdict.holds).toBe(false);
  });

  it('notices a header that somebody has altered', async () => {
    const { id, header: bytes } = await write('1', [a]);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const report = await drill([{ id, header: bytes }], { unwrap: { keyring: a } });
    expect(report.unwrapped).toEqual({ tried: 1, failed: 1 });
  });

  it('asks once for each remainder of the keys, however many scenarios leave it', async () => {
    const keyring = watched(multiKeyring({ members: [a, b, c] }));
    await drill([await write('1', [a, b, c])], { unwrap: { keyring } });
    // Nothing lost; each key; each pair. The provider's loss leaves nothing, and is not tried.
    expect(keyring.requests.map(({ wrappedKeys }) => wrappedKeys.map(({ keyId }) => keyId).join('')).sort()).toEqual(['a', 'ab', 'abc', 'ac', 'b', 'bc', 'c']);
  });

  it('a sample has as many as wanted of each set of keys', async () => {
    const headers = await Promise.all(Array.from({ length: 30 }, async (_, i) => await write(String(i), i % 3 === 0 ? [a] : [a, b])));
    const keyring = multiKeyring({ members: [a, b] });
    expect((await drill(headers, { unwrap: { keyring, sample: 4 } })).unwrapped).toEqual({ tried: 8, failed: 0 });
    expect((await drill(headers, { unwrap: { keyring, sample: 'all', concurrency: 7 } })).unwrapped).toEqual({ tried: 30, failed: 0 });
  });

  it('contexts and external values can be given, for all or for each', async () => {
    const external = await write('x', [a], { context: { tenant: 'acme' }, externalContext: { secret: 's' } });
    const without = await drill([external], { unwrap: { keyring: a } });
    expect(without.scenarios[0]?.unwrapped?.failures).toMatchObject([{ id: 'x', code: 'external-context-missing' }]);
    expect((await drill([external], { unwrap: { keyring: a, context: { secret: 's' } } })).unwrapped?.failed).toBe(0);
    expect((await drill([external], { unwrap: { keyring: a, context: (id) => ({ secret: id === 'x' ? 's' : 'other' }) } })).unwrapped?.failed).toBe(0);
    const plain = await write('p', [a], { context: { tenant: 'acme' } });
    expect((await drill([plain], { unwrap: { keyring: a } })).unwrapped?.failed).toBe(0);
    expect((await drill([plain], { unwrap: { keyring: a, context: { tenant: 'other' } } })).unwrapped?.failed).toBe(1);
  });

  it('takes whole envelopes too', async () => {
    const envelope = await encrypt(new Uint8Array(5000), { keyring: a });
    expect((await drill([{ id: 'e', header: envelope }], { unwrap: { keyring: a } })).unwrapped).toEqual({ tried: 1, failed: 0 });
  });

  it('needs headers that can be read twice', async () => {
    const one = await write('1', [a]);
    function* once(): Generator<NamedHeader> {
      yield one;
    }
    await expect(drill(once(), { unwrap: { keyring: a } })).rejects.toMatchObject({ code: 'invalid-argument', details: { argument: 'headers' } });
  });

  it('an abort stops it while a key service is silent', async () => {
    const abort = new AbortController();
    const silent: Keyring = {
      ...a,
      wrap: a.wrap.bind(a),
      unwrap: async () => {
        abort.abort();
        return await new Promise(() => undefined);
      },
    };
    await expect(drill([await write('1', [a])], { unwrap: { keyring: silent }, signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});
