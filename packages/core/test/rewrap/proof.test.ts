import { beforeEach, describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, inspect, multiKeyring, rewrap } from '../../src/index.js';
import type { Keyring, RewrapOptions } from '../../src/index.js';
import { keyringError } from '../../src/keyring/index.js';
import type { KeyCheck, WrappedKey, WrapResult } from '../../src/keyring/index.js';
import { concat, copy, flipped, isZero, patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { knowsDataKey } from '../support/knows-data-key.js';
import { referenceMessage } from '../support/reference.js';
import { altered } from './keyrings.js';
import { VersionedKeyring } from './versioned-keyring.js';

const plaintext = patterned(100);
let a: VersionedKeyring;
let b: VersionedKeyring;
let header: Uint8Array;
let payload: Uint8Array;
beforeEach(async () => {
  [a, b] = [new VersionedKeyring('a'), new VersionedKeyring('b')];
  ({ header, payload } = await encryptDetached(plaintext, { keyring: a }));
});

/** The new wrapped keys of b, altered. */
function wrapsOtherwise(change: (key: WrappedKey) => WrappedKey): Keyring {
  return altered(b, { wrap: async (request, real) => ({ wrappedKeys: (await real(request)).wrappedKeys.map(change) }) });
}

describe('a new wrapped key that does not open the envelope', () => {
  it.each<[string, () => Keyring, 'unwrap-failed' | 'keyring-contract']>([
    ['because its bytes are damaged', () => wrapsOtherwise((key) => ({ ...key, ciphertext: flipped(key.ciphertext, 20) })), 'unwrap-failed'],
    ['because it holds another key', () => altered(b, { wrap: async (request, real) => await real({ ...request, keyMaterial: patterned(32) }) }), 'unwrap-failed'],
    ['because its keyring does not know it', () => wrapsOtherwise((key) => ({ ...key, keyId: 'c' })), 'keyring-contract'],
    ['because its keyring gives other key material than was accepted', () => altered(b, {
      unwrap: async (request, real) => ({ ...(await real(request)) as object, keyMaterial: patterned(32) }) as never,
    }), 'keyring-contract'],
    ['because its keyring gives key material that it never asked about', () => altered(b, {
      unwrap: async ({ wrappedKeys: [wrappedKey] }) => await Promise.resolve({ keyMaterial: patterned(32), wrappedKey: wrappedKey as WrappedKey }),
    }), 'keyring-contract'],
    ...[undefined, {}, { keyMaterial: 'text' }, { keyMaterial: patterned(16) }].map((answer, i): [string, () => Keyring, 'keyring-contract'] =>
      [`because its keyring answers something else (${i})`, () => altered(b, { unwrap: async () => await Promise.resolve(answer as never) }), 'keyring-contract'],
    ),
    ['because its KMS answers an error', () => altered(b, { unwrap: async () => await Promise.reject(accessDenied()) }), 'unwrap-failed'],
    ['because its keyring throws something', () => altered(b, { unwrap: async () => await Promise.reject(new Error('bug')) }), 'unwrap-failed'],
    ['because its keyring throws at once', () => altered(b, { unwrap: () => { throw new Error('bug'); } }), 'unwrap-failed'],
  ])('is refused %s', async (_why, wrapWith, code) => {
    for (const options of [{}, { allowUnproven: true }, { remove: () => true }, { allowUnproven: true, remove: () => true }]) {
      const error = await failure(rewrap(header, { keyring: a, wrapWith: wrapWith(), ...options }), code);
      if (code === 'unwrap-failed') expect(error.message).toMatch(/^A new wrapped key could not be unwrapped, so the header was left as it is:\n.*\bb\b/);
    }
  });

  it('names what the KMS said', async () => {
    const wrapWith = altered(b, { unwrap: async () => await Promise.reject(accessDenied()) });
    const error = await failure(rewrap(header, { keyring: a, wrapWith }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'b', reason: 'access-denied', remedy: 'Grant unwrapping.' }]);
  });

  it('is refused also beside one that does', async () => {
    const c = new VersionedKeyring('c');
    const damaged = wrapsOtherwise((key) => ({ ...key, ciphertext: flipped(key.ciphertext, 20) }));
    await failure(rewrap(header, { keyring: a, wrapWith: multiKeyring({ members: [c, damaged] }) }), 'unwrap-failed');
    expect(c.unwraps).toBe(1);
  });
});

function accessDenied(): Error {
  const failure = { provider: 'versioned', keyring: 'b', keyId: 'b', operation: 'unwrap', reason: 'access-denied', retryable: false } as const;
  return keyringError({ ...failure, remedy: 'Grant unwrapping.' }, 'no.');
}

describe('a new wrapped key of which only the public key is at hand', () => {
  beforeEach(() => {
    b.publicOnly = true;
  });

  it('is refused', async () => {
    const error = await failure(rewrap(header, { keyring: a, wrapWith: b }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'unproven', keys: [{ provider: 'versioned', keyId: 'b' }] });
    expect(error.message).toContain('allowUnproven: true');
  });

  it('is refused beside one that is proven, and named alone', async () => {
    const c = new VersionedKeyring('c');
    const error = await failure(rewrap(header, { keyring: a, wrapWith: multiKeyring({ members: [b, c] }) }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'unproven', keys: [{ provider: 'versioned', keyId: 'b' }] });
  });

  it('is taken with consent, and reported as unproven', async () => {
    const result = await rewrap(header, { keyring: a, wrapWith: b, allowUnproven: true });
    expect(result.changes.map(({ change, key, proven }) => [change, key.keyId, proven])).toEqual([['added', 'b', false], ['kept', 'a', true]]);
    b.publicOnly = false;
    expect(await decryptDetached({ header: result.header, payload }, { keyring: b })).toEqual(plaintext);
  });

  it('is refused, whatever the consent, where nothing else would open the envelope', async () => {
    const error = await failure(rewrap(header, { keyring: a, wrapWith: b, allowUnproven: true, remove: () => true }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'none-proven', keys: [{ provider: 'versioned', keyId: 'b' }] });
  });

  it('is refused also for a key that is rotated', async () => {
    a.rotate();
    const publicA = altered(a, { unwrap: async (request, real) => {
      if (request.wrappedKeys.some(({ keyVersion }) => keyVersion === '2')) a.publicOnly = true;
      return await real(request);
    } });
    const error = await failure(rewrap(header, { keyring: a, wrapWith: publicA, allowUnproven: true }), 'rewrap-refused');
    expect(error.details).toMatchObject({ rule: 'none-proven' });
  });
});

describe('a new wrapped key whose keyring cannot be used as it is configured', () => {
  const checked = (unwrap: KeyCheck['permitted']['unwrap'], keyId = 'b') => async () => await Promise.resolve([
    { provider: 'versioned', keyId, keyVersion: '1', reachable: true, state: 'enabled', permitted: { wrap: 'yes', unwrap, generate: 'no' } } as const,
  ]);
  beforeEach(() => {
    b.publicOnly = true;
  });

  it.each([
    ['says that it may be able to unwrap', checked('unknown')],
    ['says that it can unwrap', checked('yes')],
  ])('is no public key when its check %s: consent does not help', async (_what, check) => {
    const error = await failure(rewrap(header, { keyring: a, wrapWith: altered(b, { check }), allowUnproven: true }), 'unwrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'b', reason: 'misconfigured', message: 'this keyring has no private key.' }]);
  });

  it('is one when its check says that it cannot unwrap, or says it of other keys alone', async () => {
    for (const check of [checked('no'), checked('yes', 'c')]) {
      const result = await rewrap(header, { keyring: a, wrapWith: altered(b, { check }), allowUnproven: true });
      expect(result.changes.map(({ key, proven }) => [key.keyId, proven])).toEqual([['b', false], ['a', true]]);
    }
    const both = multiKeyring({ members: [altered(b, { check: checked('no') }), new VersionedKeyring('c')] });
    const second = await rewrap(header, { keyring: a, wrapWith: both, allowUnproven: true });
    expect(second.changes.map(({ key, proven }) => [key.keyId, proven])).toEqual([['b', false], ['c', true], ['a', true]]);
  });
});

describe('what would open the envelope in fewer ways than are wanted is refused', () => {
  it.each<[string, RewrapOptions['remove']]>([
    ['all of them, by a function', () => true],
    ['all of them, by a selector', [{ provider: 'versioned' }]],
    ['the only one', [{ provider: 'versioned', keyId: 'a', keyVersion: '1' }]],
  ])('%s', async (_what, remove) => {
    const error = await failure(rewrap(header, { keyring: a, ...(remove === undefined ? {} : { remove }) }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'minimum', keys: [] });
    expect(error.message).toContain('0 wrapped keys would be left to open the envelope, the minimum is 1.');
    expect(error.message).toContain('The header was left as it is.');
  });

  it('fewer than the minimum; pending ones do not count', async () => {
    const down = altered(new VersionedKeyring('c'), { wrap: async () => await Promise.reject(new Error('down')) });
    const wrapWith = multiKeyring({ members: [b, down], write: { minimum: 1 } });
    const error = await failure(rewrap(header, { keyring: a, wrapWith, minimum: 3 }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'minimum', keys: [{ provider: 'versioned', keyId: 'b' }, { provider: 'versioned', keyId: 'a' }] });
    expect((await rewrap(header, { keyring: a, wrapWith, minimum: 2 })).changed).toBe(true);
  });

  it('a key that stays and that nobody has seen open it', async () => {
    const both = await encryptDetached(plaintext, { keyring: multiKeyring({ members: [a, b] }) });
    const error = await failure(rewrap(both.header, { keyring: a, remove: [{ provider: 'versioned', keyId: 'a' }] }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'none-proven', keys: [{ provider: 'versioned', keyId: 'b' }] });
  });

  it('a key that stays and does not open it, of which the keyring says that it does', async () => {
    const both = await encryptDetached(plaintext, { keyring: multiKeyring({ members: [a, b] }) });
    const liar = altered(a, { unwrap: async (request, real) => {
      const stays = request.wrappedKeys.find(({ keyId }) => keyId === 'b') as WrappedKey;
      return (await real(request)) ?? { keyMaterial: patterned(32), wrappedKey: stays };
    } });
    await failure(rewrap(both.header, { keyring: liar, remove: [{ provider: 'versioned', keyId: 'a' }] }), 'rewrap-refused');
  });
});

describe('an older header that was put back', () => {
  it('is refused by the least revision that the caller knows of', async () => {
    const { header: newer, revision } = await rewrap(header, { keyring: a, wrapWith: b });
    expect(revision).toBe(1);
    const error = await failure(rewrap(header, { keyring: a, wrapWith: b, minimumRevision: 1 }), 'rewrap-refused');
    expect(error.details).toEqual({ rule: 'revision', keys: [] });
    expect((await rewrap(newer, { keyring: a, minimumRevision: 1 })).revision).toBe(1);
    await failure(rewrap(newer, { keyring: a, minimumRevision: 2 }), 'rewrap-refused');
  });
});

describe('a keyring that does something with the data key that it was handed', () => {
  it.each<[string, (keyMaterial: Uint8Array) => void]>([
    ['wipes it', (keyMaterial) => { keyMaterial.fill(0); }],
    ['changes it', (keyMaterial) => { keyMaterial[3] = (keyMaterial[3] as number) ^ 1; }],
  ])('%s: no header is written that does not open', async (_what, change) => {
    for (const [when, wrapWith] of [
      ['after', altered(b, { wrap: async (request, real) => { const result = await real(request); change(request.keyMaterial); return result; } })],
      ['before', altered(b, { wrap: async (request, real) => { change(request.keyMaterial); return await real(request); } })],
    ] as const) {
      for (const allowUnproven of [false, true]) {
        const result = await rewrap(header, { keyring: a, wrapWith, allowUnproven }).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toMatchObject({ code: 'unwrap-failed' });
        else expect(await decryptDetached({ header: (result as { header: Uint8Array }).header, payload }, { keyring: a })).toEqual(plaintext);
        expect(result instanceof Error).toBe(when === 'before');
      }
    }
  });

  it('and wipes it already when the message is written: the message opens all the same', async () => {
    const careless = altered(a, { wrap: async (request, real) => { const result = await real(request); request.keyMaterial.fill(0); return result; } });
    const message = await encryptDetached(plaintext, { keyring: careless });
    expect(await decryptDetached(message, { keyring: a })).toEqual(plaintext);
  });

  it('uses its wrapped key for something else once it has handed it over: what was proven is what is written', async () => {
    const scratch = new Uint8Array(60);
    const wrapWith = altered(b, {
      wrap: async (request, real) => {
        const { wrappedKeys } = await real(request);
        scratch.set(wrappedKeys[0]?.ciphertext ?? []);
        return { wrappedKeys: wrappedKeys.map((key) => ({ ...key, ciphertext: scratch })) };
      },
      unwrap: async (request, real) => {
        const copies = request.wrappedKeys.map((key) => ({ ...key, ciphertext: copy(key.ciphertext) }));
        scratch.fill(0);
        return await real({ ...request, wrappedKeys: copies });
      },
    });
    const result = await rewrap(header, { keyring: a, wrapWith, remove: [{ provider: 'versioned', keyId: 'a' }] });
    expect(isZero(scratch)).toBe(true);
    expect(await decryptDetached({ header: result.header, payload }, { keyring: b })).toEqual(plaintext);
  });

  it('gives wrapped keys that say one thing first and another thing later: what was proven is what is written', async () => {
    const wrapWith = altered(b, { wrap: async (request, real) => {
      const [key] = (await real(request)).wrappedKeys as [WrappedKey];
      let asked = 0;
      return { wrappedKeys: [{ ...key, get keyVersion() { return asked++ < 4 ? '1' : '7'; } }] };
    } });
    const result = await rewrap(header, { keyring: a, wrapWith }).catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ code: expect.stringMatching(/^(keyring-contract|unwrap-failed)$/) as string });
    else expect(await decryptDetached({ header: (result as { header: Uint8Array }).header, payload }, { keyring: b })).toEqual(plaintext);
  });
});

describe('a keyring that breaks its contract when it wraps', () => {
  const key = { provider: 'versioned', keyId: 'b', keyVersion: '1', algorithm: 'A', ciphertext: patterned(60) };
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['no wrapped keys', {}],
    ['an empty list', { wrappedKeys: [] }],
    ['a list of nothing', { wrappedKeys: [undefined] }],
    ['the same key twice', { wrappedKeys: [key, key] }],
    ['a provider in capitals', { wrappedKeys: [{ ...key, provider: 'B' }] }],
    ['an empty key id', { wrappedKeys: [{ ...key, keyId: '' }] }],
    ['a ciphertext that is base64', { wrappedKeys: [{ ...key, ciphertext: 'AAAA' }] }],
    ['only a pending one', { wrappedKeys: [{ ...key, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) }] }],
    ['a pending one with a version', { wrappedKeys: [key, { ...key, keyId: 'c', algorithm: '', ciphertext: new Uint8Array(0) }] }],
    ['thirty-three', { wrappedKeys: Array.from({ length: 33 }, (_, i) => ({ ...key, keyId: `b${i}` })) }],
    ['a quorum that is none', { wrappedKeys: [{ ...key, provider: 'quorum', algorithm: 'SHAMIR-GF256', keyVersion: '' }] }],
  ])('is named: it gives %s', async (_what, answer) => {
    const wrapWith = altered(b, { wrap: async () => await Promise.resolve(answer as WrapResult) });
    const error = await failure(rewrap(header, { keyring: a, wrapWith }), 'keyring-contract');
    expect(error.details).toEqual({ keyring: 'b' });
  });

  it('is told as a failure to wrap when it throws', async () => {
    for (const wrap of [async () => await Promise.reject(new Error('down')), () => { throw new Error('bug'); }]) {
      await failure(rewrap(header, { keyring: a, wrapWith: altered(b, { wrap }) }), 'wrap-failed');
    }
  });
});

describe('the revision', () => {
  it('goes up to the last one there can be, and no further', async () => {
    const dataKey = patterned(32, 3);
    const keyring = knowsDataKey(dataKey);
    const almost = await referenceMessage(dataKey, { revision: 0xffff_fffe });
    const last = await rewrap(almost.header, { keyring, wrapWith: b });
    expect(inspect(last.header).revision).toBe(0xffff_ffff);
    const error = await failure(rewrap(last.header, { keyring: b, wrapWith: a }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'revision', maximum: 0xffff_ffff, actual: 0x1_0000_0000 });
    expect((await rewrap(last.header, { keyring: b, wrapWith: b })).changed).toBe(false);
  });
});

describe('a header that does not open', () => {
  it('is not rewrapped, and nothing is wrapped for it', async () => {
    const cases: readonly (readonly [Uint8Array, Keyring, string])[] = [
      [header, b, 'no-matching-key'],
      [flipped(header, header.length - 1), a, 'unwrap-failed'],
      [header.subarray(0, 50), a, 'truncated'],
      [concat(header, payload), a, 'malformed'],
      [patterned(300), a, 'malformed'],
    ];
    for (const [bytes, keyring, code] of cases) {
      expect(await thrownBy(rewrap(bytes, { keyring, wrapWith: b }))).toMatchObject({ code });
    }
    expect(b.wraps).toBe(0);
  });
});
