import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, inspect, multiKeyring, rewrap } from '../../src/index.js';
import type { Keyring, RewrapOptions, RewrapResult } from '../../src/index.js';
import { concat, patterned, utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { pendingKey, quorumOf, unreachable } from './keyrings.js';
import { VersionedKeyring } from './versioned-keyring.js';

const plaintext = patterned(9000);
let a: VersionedKeyring;
let b: VersionedKeyring;
let c: VersionedKeyring;
beforeEach(() => {
  [a, b, c] = [new VersionedKeyring('a'), new VersionedKeyring('b'), new VersionedKeyring('c')];
});

interface Message {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
}

async function written(keyring: Keyring, headerPadding = 0): Promise<Message> {
  return await encryptDetached(plaintext, { keyring, segmentSize: 4096, headerPadding, context: { tenant: 'acme' } });
}

/** The bytes that say what the message is: all before the wrapping but for `header_length`, which tells of the wrapping. */
function identityOf(header: Uint8Array): string {
  // suite, segment_log2, flags, message_id (22 bytes), context_count and the entry tenant = acme.
  const end = 12 + 22 + 2 + 6 + 1 + 2 + 4;
  return createHash('sha256').update(concat(header.subarray(0, 8), header.subarray(12, end))).digest('hex');
}

async function opens(message: Message, keyring: Keyring): Promise<boolean> {
  const opened = await decryptDetached(message, { keyring, context: { tenant: 'acme' } }).catch(() => undefined);
  if (opened !== undefined) expect(Buffer.compare(opened, plaintext)).toBe(0);
  return opened !== undefined;
}

/** Rewraps, and checks what must hold of every rewrap. */
async function rewrapped(message: Message, options: RewrapOptions): Promise<RewrapResult & { readonly message: Message }> {
  const payloadBefore = createHash('sha256').update(message.payload).digest('hex');
  const headerBefore = new Uint8Array(message.header);
  const result = await rewrap(message.header, { context: { tenant: 'acme' }, ...options });
  expect(message.header).toEqual(headerBefore);
  expect(createHash('sha256').update(message.payload).digest('hex')).toBe(payloadBefore);
  expect(identityOf(result.header)).toBe(identityOf(message.header));
  const [before, after] = [inspect(message.header), inspect(result.header)];
  expect(after.revision).toBe(before.revision + (result.changed ? 1 : 0));
  expect(result.revision).toBe(after.revision);
  if (!result.changed) expect(result.header).toEqual(headerBefore);
  const left = result.changes.filter(({ change, key }) => change !== 'removed' && !(change === 'repaired' && key.pending));
  expect(left.map(({ key }) => key).sort(inOrder)).toEqual(after.wrappedKeys);
  return { ...result, message: { header: result.header, payload: message.payload } };
}

function inOrder(x: { readonly provider: string; readonly keyId: string; readonly keyVersion: string }, y: typeof x): number {
  const [left, right] = [x, y].map(({ provider, keyId, keyVersion }) => `${provider} ${keyId} ${keyVersion}`);
  return (left as string) < (right as string) ? -1 : 1;
}

/** What became of each key, as `change keyId version`. */
function summary({ changes }: RewrapResult): string[] {
  return changes.map(({ change, key, proven }) => `${change} ${key.keyId}${key.keyVersion === '' ? '' : ` ${key.keyVersion}`}${proven ? ', proven' : ''}`).sort();
}

describe('a rewrap', () => {
  it('adds a key, and either opens it', async () => {
    const { message, ...result } = await rewrapped(await written(a), { keyring: a, wrapWith: b });
    expect(summary(result)).toEqual(['added b 1, proven', 'kept a 1, proven']);
    expect([await opens(message, a), await opens(message, b), await opens(message, c)]).toEqual([true, true, false]);
  });

  it('replaces one key by another: the first no longer opens the new header, and still opens the old', async () => {
    const old = await written(a);
    const { message, ...result } = await rewrapped(old, { keyring: a, wrapWith: b, remove: [{ provider: 'versioned', keyId: 'a' }] });
    expect(summary(result)).toEqual(['added b 1, proven', 'removed a 1, proven']);
    expect([await opens(message, a), await opens(message, b), await opens(old, a)]).toEqual([false, true, true]);
  });

  it('removes a key', async () => {
    const both = await written(multiKeyring({ members: [a, b] }));
    const { message, ...result } = await rewrapped(both, { keyring: a, remove: ({ keyId }) => keyId === 'b' });
    expect(summary(result)).toEqual(['kept a 1, proven', 'removed b 1']);
    expect([await opens(message, a), await opens(message, b)]).toEqual([true, false]);
  });

  it('removes the key that opened the header, where the keyring has another that stays', async () => {
    const both = await written(multiKeyring({ members: [a, b] }));
    const keyring = multiKeyring({ members: [a, b] });
    const { message, ...result } = await rewrapped(both, { keyring, remove: [{ provider: 'versioned', keyId: 'a' }] });
    expect(summary(result)).toEqual(['kept b 1, proven', 'removed a 1, proven']);
    expect([await opens(message, a), await opens(message, b)]).toEqual([false, true]);
  });

  it('rotates a key to its newest version, and drops the older ones', async () => {
    const message = await written(a);
    a.rotate();
    const { message: second, ...result } = await rewrapped(message, { keyring: a, wrapWith: a });
    expect(summary(result)).toEqual(['replaced a 2, proven']);
    expect(result.changes[0]?.previous?.keyVersion).toBe('1');
    a.destroy('1');
    expect([await opens(message, a), await opens(second, a)]).toEqual([false, true]);
  });

  it('drops all older versions where several are there', async () => {
    const message = await written(twoVersionsOf(a));
    a.rotate();
    const { message: rotated, ...result } = await rewrapped(message, { keyring: a, wrapWith: a });
    expect(summary(result)).toEqual(['removed a 2', 'replaced a 3, proven']);
    a.destroy('1');
    a.destroy('2');
    expect(await opens(rotated, a)).toBe(true);
  });

  it('keeps the newest version where it is there, and drops the older ones', async () => {
    const message = await written(twoVersionsOf(a));
    const result = await rewrapped(message, { keyring: a, wrapWith: a });
    expect(summary(result)).toEqual(['kept a 2, proven', 'removed a 1, proven']);
  });

  it('repairs a key that could not be reached', async () => {
    const pending = await written(multiKeyring({ members: [a, unreachable(b)], write: { minimum: 1 } }));
    expect(inspect(pending.header).wrappedKeys.filter((key) => key.pending)).toHaveLength(1);
    const { message, ...result } = await rewrapped(pending, { keyring: a, wrapWith: multiKeyring({ members: [a, b] }) });
    expect(summary(result)).toEqual(['kept a 1, proven', 'repaired b 1, proven']);
    expect(result.changes.find(({ change }) => change === 'repaired')?.previous?.pending).toBe(true);
    expect([await opens(message, a), await opens(message, b)]).toEqual([true, true]);
  });

  it('repairs a key that was written by its alias, under the name that the alias stands for', async () => {
    const aliased = new VersionedKeyring('key/7', 'alias/app');
    const pending = await written(multiKeyring({ members: [a, unreachable(aliased)], write: { minimum: 1 } }));
    const { message, ...result } = await rewrapped(pending, { keyring: a, wrapWith: aliased });
    expect(summary(result)).toEqual(['added key/7 1, proven', 'kept a 1, proven', 'repaired alias/app']);
    expect(inspect(message.header).wrappedKeys.map(({ keyId }) => keyId)).toEqual(['a', 'key/7']);
    expect(await opens(message, aliased)).toBe(true);
  });

  it('leaves a key pending that still cannot be reached, and changes nothing', async () => {
    const policy = { members: [a, unreachable(b)], write: { minimum: 1 } };
    const pending = await written(multiKeyring(policy));
    const result = await rewrapped(pending, { keyring: a, wrapWith: multiKeyring(policy) });
    expect(summary(result)).toEqual(['kept a 1, proven', 'still-pending b']);
    expect(result.changed).toBe(false);
  });

  it('notes a new key that cannot be reached as pending', async () => {
    const result = await rewrapped(await written(a), { keyring: a, wrapWith: multiKeyring({ members: [a, unreachable(b)], write: { minimum: 1 } }) });
    expect(summary(result)).toEqual(['added b', 'kept a 1, proven']);
    expect(inspect(result.header).wrappedKeys.map(({ keyId, pending }) => [keyId, pending])).toEqual([['a', false], ['b', true]]);
  });

  it('removes pending keys', async () => {
    const pending = await written(multiKeyring({ members: [a, unreachable(b)], write: { minimum: 1 } }));
    const result = await rewrapped(pending, { keyring: a, remove: (key) => key.pending });
    expect(summary(result)).toEqual(['kept a 1, proven', 'removed b']);
  });

  it('never drops a key for one of the same KEK that cannot be reached, even when told to', async () => {
    const both = await written(multiKeyring({ members: [a, b] }));
    const wrapWith = multiKeyring({ members: [c, unreachable(b)], write: { minimum: 1 } });
    const { message, ...result } = await rewrapped(both, { keyring: a, wrapWith, remove: () => true });
    expect(summary(result)).toEqual(['added c 1, proven', 'kept b 1', 'removed a 1, proven']);
    expect(await opens(message, b)).toBe(true);
  });

  it('keeps the break-glass key, whose private half is far away, without asking for a proof', async () => {
    const recovery = new VersionedKeyring('recovery');
    const message = await written(multiKeyring({ members: [a, recovery] }));
    recovery.publicOnly = true;
    a.rotate();
    const result = await rewrapped(message, { keyring: a, wrapWith: multiKeyring({ members: [a, recovery] }) });
    expect(summary(result)).toEqual(['kept recovery 1', 'replaced a 2, proven']);
  });

  it('leaves the keys of others alone, byte for byte', async () => {
    const both = await written(multiKeyring({ members: [a, b] }));
    const bKey = inspectedCiphertext(both.header, 'b');
    const { message } = await rewrapped(both, { keyring: a, wrapWith: c, remove: [{ provider: 'versioned', keyId: 'a' }] });
    expect(inspectedCiphertext(message.header, 'b')).toEqual(bKey);
  });
});

describe('what stays as it is', () => {
  it('gives the same header, as bytes of its own, and says so', async () => {
    const { header } = await written(multiKeyring({ members: [a, b] }));
    for (const options of [{}, { wrapWith: a }, { wrapWith: multiKeyring({ members: [b, a] }) }, { remove: [{ provider: 'other' }] }]) {
      const result = await rewrap(header, { keyring: a, context: 'unchecked', ...options });
      expect(result).toMatchObject({ changed: false, revision: 0 });
      expect(result.header).toEqual(header);
      expect(result.header.buffer).not.toBe(header.buffer);
      expect(summary(result)).toEqual(['kept a 1, proven', 'kept b 1']);
    }
  });

  it('changes when a refresh is asked for', async () => {
    const message = await written(multiKeyring({ members: [a, b] }));
    const result = await rewrapped(message, { keyring: a, wrapWith: a, refresh: true });
    expect(summary(result)).toEqual(['kept b 1', 'replaced a 1, proven']);
    expect(inspectedCiphertext(result.header, 'a')).not.toEqual(inspectedCiphertext(message.header, 'a'));
    expect(inspectedCiphertext(result.header, 'b')).toEqual(inspectedCiphertext(message.header, 'b'));
    expect((await rewrapped(message, { keyring: a, refresh: true })).changed).toBe(false);
  });

  it.each([
    ['another threshold', (): Keyring => quorumOf('board', 3, [a, b, c])],
    ['another member', (): Keyring => quorumOf('board', 2, [a, b, new VersionedKeyring('d')])],
    ['one member more', (): Keyring => quorumOf('board', 2, [a, b, c, new VersionedKeyring('d')])],
    ['a member with a newer version', (): Keyring => { c.rotate(); return quorumOf('board', 2, [a, b, c]); }],
  ])('does not include a quorum with %s', async (_what, changed) => {
    const message = await written(quorumOf('board', 2, [a, b, c]));
    const keyring = quorumOf('board', 2, [a, b, c]);
    expect((await rewrapped(message, { keyring, wrapWith: keyring })).changed).toBe(false);
    expect((await rewrapped(message, { keyring, wrapWith: quorumOf('board', 2, [c, a, b]) })).changed).toBe(false);
    const result = await rewrapped(message, { keyring, wrapWith: changed() });
    expect(summary(result)).toEqual(['replaced board, proven']);
  });

  it('does not include a key that is wrapped by another algorithm', async () => {
    const message = await written(a);
    const other: Keyring = { ...keyringOf(a), wrap: async (request) => {
      const { wrappedKeys } = await a.wrap(request);
      return { wrappedKeys: wrappedKeys.map((key) => ({ ...key, algorithm: 'NEWER' })) };
    } };
    expect(summary(await rewrapped(message, { keyring: a, wrapWith: other }))).toEqual(['replaced a 1, proven']);
  });
});

describe('the length of a header', () => {
  it('stays when the new wrapped keys fit into its padding', async () => {
    const message = await written(a, 300);
    const result = await rewrapped(message, { keyring: a, wrapWith: b });
    expect(result.header).toHaveLength(message.header.length);
    const added = inspect(message.header).headerPadding - inspect(result.header).headerPadding;
    expect(added).toBeGreaterThan(60);
    const removed = await rewrapped(result.message, { keyring: a, remove: ({ keyId }) => keyId === 'b' });
    expect(removed.header).toHaveLength(message.header.length);
    expect(inspect(removed.header).headerPadding).toBe(300);
  });

  it('stays when the padding is used up to its last byte, and grows when it is one byte short', async () => {
    const needed = (await rewrap((await written(a)).header, { keyring: a, wrapWith: b, context: 'unchecked' })).header.length - (await written(a)).header.length;
    const exact = await written(a, needed);
    const fits = await rewrapped(exact, { keyring: a, wrapWith: b });
    expect(fits.header).toHaveLength(exact.header.length);
    expect(inspect(fits.header).headerPadding).toBe(0);
    const short = await written(a, needed - 1);
    const grown = await rewrapped(short, { keyring: a, wrapWith: b });
    expect(grown.header).toHaveLength(short.header.length + 1);
    expect(inspect(grown.header).headerPadding).toBe(0);
  });

  it('grows by the padding that is asked for, only when it has to grow', async () => {
    const grown = await rewrapped(await written(a), { keyring: a, wrapWith: b, headerPadding: 500 });
    expect(inspect(grown.header).headerPadding).toBe(500);
    const again = await rewrapped(grown.message, { keyring: a, wrapWith: c, headerPadding: 900 });
    expect(again.header).toHaveLength(grown.header.length);
  });

  it('stays as long as padding can fill the room, and shrinks when it cannot', async () => {
    const limits = { headerBytes: 300_000 };
    const most = await encryptDetached(plaintext, { keyring: multiKeyring({ members: [a, bulky(40_000)] }), headerPadding: 65_535, limits });
    const result = await rewrap(most.header, { keyring: a, remove: ({ keyId }) => keyId === 'bulky', headerPadding: 7, limits });
    expect(inspect(result.header, { limits }).headerPadding).toBe(7);
    expect(await decryptDetached({ header: result.header, payload: most.payload }, { keyring: a, limits })).toEqual(plaintext);
  });

  it('is held against the caller’s cap', async () => {
    const { header } = await written(a);
    const error = await failure(rewrap(header, { keyring: a, wrapWith: b, context: 'unchecked', limits: { headerBytes: header.length + 5 } }), 'limit-exceeded');
    expect(error.details).toMatchObject({ limit: 'headerBytes', maximum: header.length + 5 });
  });
});

describe('thirty-two wrapped keys', () => {
  it('are as many as a header takes; one more is refused, with what to do', async () => {
    const members = Array.from({ length: 32 }, (_, i) => new VersionedKeyring(`key-${i}`));
    const message = await written(multiKeyring({ members }));
    const error = await failure(rewrap(message.header, { keyring: members[0] as Keyring, wrapWith: a, context: 'unchecked' }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'wrappedKeys', maximum: 32, actual: 33 });
    const replaced = await rewrapped(message, { keyring: members[0] as Keyring, wrapWith: a, remove: ({ keyId }) => keyId === 'key-31' });
    expect(await opens(replaced.message, a)).toBe(true);
  });

  it('include the shares of quorums', async () => {
    const members = Array.from({ length: 16 }, (_, i) => new VersionedKeyring(`key-${i}`));
    const more = Array.from({ length: 16 }, (_, i) => new VersionedKeyring(`more-${i}`));
    const message = await written(quorumOf('board', 2, members));
    const wrapWith = multiKeyring({ members: more });
    const error = await failure(rewrap(message.header, { keyring: quorumOf('board', 2, members), wrapWith, context: 'unchecked' }), 'limit-exceeded');
    expect(error.details).toEqual({ limit: 'wrappedKeys', maximum: 32, actual: 33 });
  });
});

describe('a key that is in the header already, elsewhere', () => {
  it('is refused with what to do: it holds a share of a quorum', async () => {
    const message = await written(quorumOf('board', 2, [a, b]));
    const error = await failure(rewrap(message.header, { keyring: quorumOf('board', 2, [a, b]), wrapWith: a, context: 'unchecked' }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.wrapWith' });
    const result = await rewrapped(message, { keyring: quorumOf('board', 2, [a, b]), wrapWith: a, remove: [{ provider: 'quorum' }] });
    expect(await opens(result.message, a)).toBe(true);
  });
});

describe('the header of one message with the payload of another', () => {
  it('is refused before and after a rewrap', async () => {
    const [one, other] = [await written(a), await written(a)];
    const { header } = await rewrapped(one, { keyring: a, wrapWith: b });
    for (const pair of [{ header: one.header, payload: other.payload }, { header, payload: other.payload }]) {
      await failure(decryptDetached(pair, { keyring: a, context: 'unchecked' }), 'payload-mismatch');
    }
    const disguised = concat(one.payload.subarray(0, 16), other.payload.subarray(16));
    await failure(decryptDetached({ header, payload: disguised }, { keyring: a, context: 'unchecked' }), 'payload-damaged');
  });
});

/** A keyring that opens what `a` opens, and does not wrap yet. */
function keyringOf({ specificationVersion, provider, name, keks }: Keyring): Keyring {
  return { specificationVersion, provider, name, keks, wrap: async () => await Promise.reject(new Error()), unwrap: async (request) => await a.unwrap(request) };
}

/** A keyring that wraps with the version of today and with a newer one. */
function twoVersionsOf(keyring: VersionedKeyring): Keyring {
  return {
    ...keyringOf(keyring),
    wrap: async (request) => {
      const { wrappedKeys: older } = await keyring.wrap(request);
      keyring.rotate();
      const { wrappedKeys: newer } = await keyring.wrap(request);
      return { wrappedKeys: [...older, ...newer] };
    },
  };
}

/** A keyring whose wrapped keys are long. */
function bulky(length: number): Keyring {
  return {
    ...keyringOf(a),
    keks: [{ provider: 'bulky', keyId: 'bulky' }],
    wrap: async () => await Promise.resolve({ wrappedKeys: [{ ...pendingKey('bulky', 'bulky'), algorithm: 'A', ciphertext: patterned(length) }] }),
  };
}

/** The bytes of a wrapped key's fields, as they stand in the header. */
function inspectedCiphertext(header: Uint8Array, keyId: string): Uint8Array {
  const name = concat(utf8('versioned'), Uint8Array.of(0, keyId.length), utf8(keyId), Uint8Array.of(1));
  const at = Buffer.from(header).indexOf(name);
  expect(at).toBeGreaterThan(0);
  return header.slice(at, at + name.length + 1 + 1 + 12 + 2 + 60);
}
