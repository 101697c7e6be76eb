/** A quorum is one wrapped key to a rewrap: added and proven, replaced, repaired, removed as a whole. */
import { decryptDetached, encryptDetached, inspect, keyUsage, mayDestroy, multiKeyring, rewrap } from '@keyfold/core';
import type { Keyring, RewrapOptions, RewrapResult } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { rowsOf } from './support/rows-of.js';
import { member } from './support/member.js';
import type { Member } from './support/member.js';

const plaintext = new TextEncoder().encode('the only copy');

const quorumOf = (name: string, threshold: number, members: readonly Member[]): Keyring =>
  quorumKeyring({ name, threshold, shares: members.map(({ keyring }) => keyring) });
const board = (members: readonly Member[]): Keyring => quorumOf('board', 2, members);
const changesOf = ({ changes }: RewrapResult): string[] =>
  changes.map(({ change, key, proven }) => `${key.provider} ${key.keyId} ${change}${proven ? ', proven' : ''}`).sort();

/** Rewraps the header of a message under `old`, and looks whether `opener` opens the result. */
async function rewrapped(old: Keyring, options: Omit<RewrapOptions, 'keyring'>, opener: Keyring): Promise<RewrapResult> {
  const { header, payload } = await encryptDetached(plaintext, { keyring: old });
  const result = await rewrap(header, { keyring: old, ...options });
  expect(await decryptDetached({ header: result.header, payload }, { keyring: opener })).toEqual(plaintext);
  return result;
}

describe('rewrap', () => {
  it('adds a quorum, and proves it', async () => {
    const quorum = board([member('a'), member('b'), member('c')]);
    const result = await rewrapped(member('old').keyring, { wrapWith: quorum }, quorum);
    expect(changesOf(result)).toEqual(['local-raw old kept, proven', 'quorum board added, proven']);
  });

  it('hands an envelope over from a key to a quorum, and back', async () => {
    const [old, quorum] = [member('old').keyring, board([member('a'), member('b')])];
    expect(changesOf(await rewrapped(old, { wrapWith: quorum, remove: [{ provider: 'local-raw' }] }, quorum))).toEqual([
      'local-raw old removed, proven',
      'quorum board added, proven',
    ]);
    expect(changesOf(await rewrapped(quorum, { wrapWith: old, remove: [{ provider: 'quorum', keyId: 'board' }] }, old))).toEqual([
      'local-raw old added, proven',
      'quorum board removed, proven',
    ]);
  });

  it('keeps a quorum that was made over the same keys, in whatever order they are given', async () => {
    const members = [member('a'), member('b'), member('c')];
    const result = await rewrapped(board(members), { wrapWith: board(members.toReversed()) }, board(members));
    expect(result.changed).toBe(false);
    expect(changesOf(result)).toEqual(['quorum board kept, proven']);
  });

  it.each<[string, (members: readonly Member[]) => Keyring]>([
    ['another member', (members) => board([...members.slice(1), member('d')])],
    ['a member more', (members) => board([...members, member('d')])],
    ['another threshold', (members) => quorumOf('board', 3, members)],
  ])('replaces a quorum by one of its name with %s', async (_, change) => {
    const members = [member('a'), member('b'), member('c')];
    const changed = change(members);
    expect(changesOf(await rewrapped(board(members), { wrapWith: changed }, changed))).toEqual(['quorum board replaced, proven']);
  });

  it('replaces one made over the same keys when it is asked to: all its shares are new', async () => {
    const members = [member('a'), member('b')];
    const result = await rewrapped(board(members), { wrapWith: board(members), refresh: true }, board(members));
    expect(changesOf(result)).toEqual(['quorum board replaced, proven']);
  });

  it('renames a quorum', async () => {
    const members = [member('a'), member('b'), member('c')];
    const renamed = quorumOf('board-2027', 2, members);
    expect(changesOf(await rewrapped(board(members), { wrapWith: renamed, remove: [{ provider: 'quorum', keyId: 'board' }] }, renamed))).toEqual([
      'quorum board removed, proven',
      'quorum board-2027 added, proven',
    ]);
  });

  it('refuses a key in two places, with what to do about it', async () => {
    const [a, b] = [member('a'), member('b')];
    const { header } = await encryptDetached(plaintext, { keyring: a.keyring });
    const error = await failure(rewrap(header, { keyring: a.keyring, wrapWith: board([a, b]) }), 'invalid-argument');
    expect(error.message).toContain('such as a share of a quorum');
    const moved = await rewrap(header, { keyring: a.keyring, wrapWith: board([a, b]), remove: [{ provider: 'local-raw', keyId: 'a' }] });
    expect(changesOf(moved)).toContain('quorum board added, proven');
  });

  it('leaves the header as it is when a new quorum does not open, and says how far it came', async () => {
    const [old, a, b] = [member('old'), member('a'), member('b')];
    const { header } = await encryptDetached(plaintext, { keyring: old.keyring });
    b.mode = 'lies';
    const error = await failure(rewrap(header, { keyring: old.keyring, wrapWith: board([a, b]), remove: [{ provider: 'local-raw' }] }), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board integrity', 'a integrity', 'b integrity']);
  });

  it('wants consent for a quorum of which too many have only a public key', async () => {
    const [old, a, b] = [member('old'), member('a'), member('b')];
    const { publicKey } = await generateRsaKeyPair({ modulusLength: 2048 });
    const safe = rawRsaKeyring({ name: 'safe', publicKey });
    const { header } = await encryptDetached(plaintext, { keyring: old.keyring });
    const both = quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, safe] });
    const error = await failure(rewrap(header, { keyring: old.keyring, wrapWith: both }), 'rewrap-refused');
    expect(error.details).toMatchObject({ rule: 'unproven', keys: [{ provider: 'quorum', keyId: 'board' }] });
    const consented = await rewrap(header, { keyring: old.keyring, wrapWith: both, allowUnproven: true });
    expect(changesOf(consented)).toEqual(['local-raw old kept, proven', 'quorum board added']);
    // With a third who can, it is seen to open.
    const enough = quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, b.keyring, safe] });
    expect(changesOf(await rewrap(header, { keyring: old.keyring, wrapWith: enough }))).toContain('quorum board added, proven');
  });

  it('repairs a pending quorum, by itself or as a member', async () => {
    const [a, b, other] = [member('a'), member('b'), member('other')];
    const quorum = board([a, b]);
    const policy = multiKeyring({ members: [quorum, other.keyring], write: { minimum: 1 } });
    for (const wrapWith of [quorum, multiKeyring({ members: [quorum, other.keyring] })]) {
      b.mode = 'fails';
      const { header, payload } = await encryptDetached(plaintext, { keyring: policy });
      expect(inspect(header).wrappedKeys.filter(({ pending }) => pending)).toMatchObject([{ provider: 'quorum', keyId: 'board' }]);
      b.mode = 'works';
      const repaired = await rewrap(header, { keyring: policy, wrapWith });
      expect(changesOf(repaired)).toContain('quorum board repaired, proven');
      expect(await decryptDetached({ header: repaired.header, payload }, { keyring: quorum })).toEqual(plaintext);
    }
  });

  it('keeps it pending while it is still out of reach', async () => {
    const [a, b, other] = [member('a'), member('b', 'fails'), member('other')];
    const policy = multiKeyring({ members: [board([a, b]), other.keyring], write: { minimum: 1 } });
    const { header } = await encryptDetached(plaintext, { keyring: policy });
    const result = await rewrap(header, { keyring: policy, wrapWith: policy });
    expect(result.changed).toBe(false);
    expect(changesOf(result)).toContain('quorum board still-pending');
  });
});

it('reports of keys look into quorums: what depends on a member depends on how many there are', async () => {
  const members = [member('a'), member('b'), member('c')];
  const { header } = await encryptDetached(plaintext, { keyring: board(members) });
  const headers = [{ id: '1', header }];
  expect((await keyUsage(headers)).keys.map(({ keyId, envelopes, lastWayIn }) => [keyId, envelopes, lastWayIn])).toEqual([
    ['a', 1, 0],
    ['b', 1, 0],
    ['c', 1, 0],
  ]);
  expect((await mayDestroy({ provider: 'local-raw', keyId: 'a' }, headers)).safe).toBe(true);
  const tight = await encryptDetached(plaintext, { keyring: board(members.slice(1)) });
  expect((await mayDestroy({ provider: 'local-raw', keyId: 'b' }, [{ id: '2', header: tight.header }])).safe).toBe(false);
});
