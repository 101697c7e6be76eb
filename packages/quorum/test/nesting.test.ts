/** Quorums in multi-keyrings, multi-keyrings in quorums, and both at once. */
import { decrypt, encrypt, inspect, multiKeyring } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { generateRsaKeyPair, rawRsaKeyring } from '@keyfold/local-raw';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { rowsOf } from './support/rows-of.js';
import { member } from './support/member.js';
import type { Member } from './support/member.js';
import { unwrapFrom, wrapOne } from './support/opening.js';

const plaintext = new TextEncoder().encode('the only copy');
const FOREVER = 1_000_000;

const quorumOf = (name: string, members: readonly Member[]): Keyring =>
  quorumKeyring({ name, threshold: 2, shares: members.map(({ keyring }) => keyring), deadline: FOREVER });
const asked = (members: readonly Member[]): number[] => members.map((one) => one.asked.filter((operation) => operation === 'unwrap').length);

describe('a quorum in a multi-keyring', () => {
  it('is "these two together, or the recovery key": each way opens alone', async () => {
    const [aws, azure, recovery] = [member('aws'), member('azure'), member('recovery')];
    const quorum = quorumOf('both-clouds', [aws, azure]);
    const keyring = multiKeyring({ members: [quorum, recovery.keyring] });
    const envelope = await encrypt(plaintext, { keyring });
    expect(inspect(envelope).wrappedKeys.map(({ provider }) => provider)).toEqual(['local-raw', 'quorum']);
    expect(await decrypt(envelope, { keyring: quorum })).toEqual(plaintext);
    expect(await decrypt(envelope, { keyring: recovery.keyring })).toEqual(plaintext);
    aws.mode = 'fails';
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    recovery.mode = 'fails';
    // One that has not yet learned that the quorum is broken, and would ask it last.
    const fresh = multiKeyring({ members: [quorum, recovery.keyring] });
    const error = await failure(decrypt(envelope, { keyring: fresh }), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['both-clouds unavailable', 'aws unavailable', 'recovery unavailable']);
  });

  it('and one of its keys alone beside it is a mistake of the configuration, and is called that', async () => {
    const [a, b] = [member('a'), member('b')];
    const keyring = multiKeyring({ members: [a.keyring, quorumOf('board', [a, b])] });
    const { details } = await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
    expect(details.attempts).toMatchObject([{ keyId: 'a', reason: 'misconfigured', remedy: expect.stringMatching(/Leave one of the two out/) as string }]);
  });

  it('is asked in its own place: members come in the order in which they are given', async () => {
    const all = [member('a'), member('b'), member('other')] as const;
    const [a, b, other] = all;
    const quorum = quorumOf('board', [a, b]);
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: [quorum, other.keyring] }) });
    const open = async (members: readonly Keyring[]): Promise<number[]> => {
      for (const one of all) one.asked.length = 0;
      expect(await decrypt(envelope, { keyring: multiKeyring({ members, headStart: FOREVER }) })).toEqual(plaintext);
      return asked(all);
    };
    expect(await open([quorum, other.keyring])).toEqual([1, 1, 0]);
    expect(await open([other.keyring, quorum])).toEqual([0, 0, 1]);
    a.mode = 'fails';
    expect(await open([quorum, other.keyring])).toEqual([1, 1, 1]);
  });

  it('is overtaken when it is slow, and its members are given up', async () => {
    const [a, b, other] = [member('a'), member('b'), member('other')];
    const quorum = quorumOf('board', [a, b]);
    const keyring = multiKeyring({ members: [quorum, other.keyring], headStart: 5 });
    const envelope = await encrypt(plaintext, { keyring });
    a.mode = 'hangs';
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    expect(a.signals.at(-1)?.aborted).toBe(true);
  });

  it('is one of two quorums', async () => {
    const [a, b, c, d] = [member('a'), member('b'), member('c'), member('d')];
    const keyring = multiKeyring({ members: [quorumOf('day', [a, b]), quorumOf('night', [c, d])], headStart: FOREVER });
    const envelope = await encrypt(plaintext, { keyring });
    a.mode = 'lies';
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    d.mode = 'fails';
    const error = await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['day integrity', 'a integrity', 'b integrity', 'night unavailable', 'd unavailable']);
  });

  it('is pending as a whole where a write policy lets a write do without it', async () => {
    const [a, b, other] = [member('a'), member('b', 'fails'), member('other')];
    const keyring = multiKeyring({ members: [quorumOf('board', [a, b]), other.keyring], write: { minimum: 1 } });
    const { wrappedKeys } = inspect(await encrypt(plaintext, { keyring }));
    expect(wrappedKeys.map(({ provider, keyId, pending }) => [provider, keyId, pending])).toEqual([
      ['local-raw', 'other', false],
      ['quorum', 'board', true],
    ]);
  });
});

describe('a multi-keyring in a quorum', () => {
  it('is one share that any of its keys gives', async () => {
    const members = [member('a'), member('b'), member('c'), member('d')] as const;
    const [a, b, c, d] = members;
    const shares = [
      multiKeyring({ members: [a.keyring, b.keyring], headStart: 1 }),
      multiKeyring({ members: [c.keyring, d.keyring], headStart: 1 }),
    ];
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares });
    const envelope = await encrypt(plaintext, { keyring });
    for (const [down, opens] of [
      [[a, c], true],
      [[a, d], true],
      [[b, c], true],
      [[b, d], true],
      [[a, b], false],
      [[c, d], false],
    ] as const) {
      for (const one of members) one.mode = (down as readonly Member[]).includes(one) ? 'fails' : 'works';
      if (opens) expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
      else await failure(decrypt(envelope, { keyring }), 'unwrap-failed');
    }
  });

  it('opens with keyrings that are put together in another way', async () => {
    const [a, b, c] = [member('a'), member('b'), member('c')];
    const envelope = await encrypt(plaintext, { keyring: quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, b.keyring, c.keyring] }) });
    // One member that knows two shares, in another place than either was written in.
    const shares = [c.keyring, multiKeyring({ members: [b.keyring, a.keyring] })];
    c.mode = 'fails';
    expect(await decrypt(envelope, { keyring: quorumKeyring({ name: 'board', threshold: 2, shares }) })).toEqual(plaintext);
  });

  it('is one share, however many of its keys give the same bytes: no set is tried twice', async () => {
    const [a, b, c, d] = [member('a'), member('b'), member('c'), member('d')];
    const multi = multiKeyring({ members: [a.keyring, b.keyring], headStart: FOREVER });
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [multi, c.keyring, d.keyring] });
    const wrapped = await wrapOne(keyring);
    c.mode = 'lies';
    d.mode = 'fails';
    const offered: Uint8Array[] = [];
    const error = await failure(unwrapFrom(keyring, wrapped, { offered }), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board integrity', 'a integrity', 'b integrity', 'c integrity', 'd unavailable']);
    expect(offered).toHaveLength(1);
  });

  it('in a multi-keyring again', async () => {
    const [a, b, c, other] = [member('a'), member('b'), member('c'), member('other')];
    const quorum = quorumKeyring({ name: 'board', threshold: 2, shares: [multiKeyring({ members: [a.keyring, b.keyring] }), c.keyring] });
    const keyring = multiKeyring({ members: [quorum, multiKeyring({ members: [other.keyring] })] });
    const envelope = await encrypt(plaintext, { keyring });
    for (const one of [a, other]) one.mode = 'fails';
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  });
});

describe('a share under a public key', () => {
  it('is written without the private one, and opens with it', async () => {
    const { publicKey, privateKey } = await generateRsaKeyPair({ modulusLength: 2048 });
    const [a, b] = [member('a'), member('b')];
    const withKey = (rsa: Keyring): Keyring => quorumKeyring({ name: 'board', threshold: 2, shares: [a.keyring, b.keyring, rsa] });
    const writer = withKey(rawRsaKeyring({ name: 'safe', publicKey }));
    const envelope = await encrypt(plaintext, { keyring: writer });
    expect(await decrypt(envelope, { keyring: writer })).toEqual(plaintext);
    a.mode = 'fails';
    const error = await failure(decrypt(envelope, { keyring: writer }), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board unavailable', 'a unavailable', 'safe misconfigured']);
    expect(await decrypt(envelope, { keyring: withKey(rawRsaKeyring({ name: 'safe', privateKey })) })).toEqual(plaintext);
  });
});
