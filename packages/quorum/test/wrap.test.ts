import { encrypt, inspect, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { encryptionContext, parseQuorum } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { rowsOf } from './support/rows-of.js';
import { isWiped, member } from './support/member.js';
import type { Member } from './support/member.js';
import { unwrapFrom, wrapOne } from './support/opening.js';

const FOREVER = 1_000_000;

function board(members: readonly Member[], options: { readonly threshold?: number; readonly deadline?: number } = {}): Keyring {
  return quorumKeyring({ name: 'board', threshold: 2, shares: members.map(({ keyring }) => keyring), deadline: FOREVER, ...options });
}

const three = (): [Member, Member, Member] => [member('a'), member('b'), member('c')];

describe('wrapping', () => {
  it('writes one wrapped key, which holds the threshold and each share under the keys of its own member', async () => {
    const envelope = await encrypt(Uint8Array.of(1), { keyring: board(three()) });
    const { wrappedKeys } = inspect(envelope);
    expect(wrappedKeys).toMatchObject([{ provider: 'quorum', keyId: 'board', keyVersion: '', algorithm: 'SHAMIR-GF256', pending: false }]);
    expect(wrappedKeys[0]?.quorum?.threshold).toBe(2);
    expect(wrappedKeys[0]?.quorum?.shares.map((share) => share.wrappedKeys.map(({ keyId }) => keyId))).toEqual([['a'], ['b'], ['c']]);
  });

  it('hands every member 32 bytes of its own, none of them the data key, and wipes them', async () => {
    const members = three();
    await wrapOne(board(members));
    const shares = members.flatMap(({ shares: own }) => own);
    const copies = members.flatMap((one) => one.copies).map((copy) => Buffer.from(copy).toString('hex'));
    expect(copies.every((copy) => copy.length === 64)).toBe(true);
    expect(new Set(copies).size).toBe(3);
    expect(shares.map(isWiped)).toEqual([true, true, true]);
  });

  it('asks all members at once', async () => {
    const members = three();
    for (const one of members) one.mode = 'hangs';
    const controller = new AbortController();
    const wrapping = wrapOne(board(members), controller.signal);
    await expect.poll(() => members.map(({ asked }) => asked)).toEqual([['wrap'], ['wrap'], ['wrap']]);
    controller.abort();
    await failure(wrapping, 'aborted');
    expect(members.map(({ signals }) => signals[0]?.aborted)).toEqual([true, true, true]);
    expect(members.flatMap(({ shares }) => shares.map(isWiped))).toEqual([true, true, true]);
  });

  it('writes nothing when one member fails, although the others would be enough, and names every one that did', async () => {
    const members = three();
    members[0].mode = 'fails';
    members[2].mode = 'fails';
    members[2].reason = 'access-denied';
    const error = await failure(encrypt(Uint8Array.of(1), { keyring: board(members) }), 'wrap-failed');
    expect(rowsOf(error)).toEqual(['a unavailable', 'c access-denied']);
    expect(members.flatMap(({ shares }) => shares.map(isWiped))).toEqual([true, true, true]);
  });

  it('gives up a silent member at the deadline, and says so', async () => {
    const members = three();
    members[1].mode = 'dead';
    const error = await failure(encrypt(Uint8Array.of(1), { keyring: board(members, { deadline: 30 }) }), 'wrap-failed');
    expect(rowsOf(error)).toEqual(['b timeout']);
    expect(error.details.attempts[0]?.retryable).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await wrapOne(board(three()));
    expect(timers()).toBe(before);
  });

  it('refuses what is no data key', async () => {
    const wrapping = board(three()).wrap({
      keyMaterial: new Uint8Array(31),
      context: await encryptionContext(),
      signal: new AbortController().signal,
    });
    await failure(wrapping, 'invalid-argument');
  });
});

describe('a share under a multi-keyring', () => {
  it('is wrapped under each of its keys, in the order of the format', async () => {
    const [a, b, c] = three();
    const shares = [multiKeyring({ members: [c.keyring, a.keyring] }), b.keyring];
    const wrapped = await wrapOne(quorumKeyring({ name: 'board', threshold: 2, shares }));
    expect(parseQuorum(wrapped).shares.map(({ wrappedKeys }) => wrappedKeys.map(({ keyId }) => keyId))).toEqual([['a', 'c'], ['b']]);
  });

  it('cannot do without one of them, whatever its write policy says: a share holds nothing pending', async () => {
    const [a, b, c] = three();
    c.mode = 'fails';
    const relaxed = multiKeyring({ members: [a.keyring, c.keyring], write: { minimum: 1 } });
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [relaxed, b.keyring] });
    const error = await failure(encrypt(Uint8Array.of(1), { keyring }), 'wrap-failed');
    expect(rowsOf(error)).toEqual(['c unavailable']);
    expect(error.message).toContain('put the quorum into a multi-keyring with a write policy');
    c.mode = 'works';
    expect((await wrapOne(keyring)).ciphertext.length).toBeGreaterThan(0);
  });

  it('is tried under its other keys where the first gave a wrong share, and under no other where it did not', async () => {
    const [a, b, c] = three();
    const multi = multiKeyring({ members: [a.keyring, c.keyring], headStart: FOREVER, deadline: FOREVER });
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [multi, b.keyring], deadline: FOREVER });
    const wrapped = await wrapOne(keyring);
    for (const one of [a, b, c]) one.asked.length = 0;
    expect(await unwrapFrom(keyring, wrapped)).not.toBeNull();
    expect([a, b, c].map(({ asked }) => asked.length)).toEqual([1, 1, 0]);
    a.mode = 'lies';
    const offered: Uint8Array[] = [];
    expect(await unwrapFrom(keyring, wrapped, { offered })).not.toBeNull();
    expect(offered).toHaveLength(2);
    expect([a, b, c].map(({ asked }) => asked.length)).toEqual([2, 2, 1]);
  });
});

describe('a member that wraps what no share may hold', () => {
  const wrapsAs = (one: Member, change: { readonly provider?: string; readonly keyId?: string }): Keyring => ({
    ...one.keyring,
    async wrap(request) {
      const { wrappedKeys } = await one.keyring.wrap(request);
      return { wrappedKeys: wrappedKeys.map((key) => ({ ...key, ...change })) };
    },
  });

  it('is refused when an alias turns out to be the key of another share', async () => {
    const [a, b] = three();
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, wrapsAs(b, { keyId: 'a' })] });
    const error = await failure(wrapOne(keyring), 'wrap-failed');
    expect(rowsOf(error)).toEqual(['a misconfigured']);
    expect(error.message).toContain('two shares are under this key');
  });

  it('is refused when it is a quorum after all', async () => {
    const [a, b] = three();
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, wrapsAs(b, { provider: 'quorum' })] });
    expect(rowsOf(await failure(wrapOne(keyring), 'wrap-failed'))).toEqual(['b misconfigured']);
  });
});
