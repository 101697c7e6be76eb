import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect, multiKeyring, rewrap, encryptDetached } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { FaultyKeyring } from '../support/faulty-keyring.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('the only copy');

const keyringsOf = (members: readonly FaultyKeyring[]): FaultyKeyring['keyring'][] => members.map(({ keyring }) => keyring);
const wrappedBy = (envelope: Uint8Array): string[] =>
  inspect(envelope).wrappedKeys.map(({ keyId, pending }) => (pending ? `${keyId} (pending)` : keyId));

describe('a multi-keyring without a policy', () => {
  it('writes an envelope that each member opens alone', async () => {
    const members = ['a', 'b', 'c'].map((name) => faultyKeyring(name));
    const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: keyringsOf(members) }) });
    for (const { keyring } of members) expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  });

  it('asks all members at once', async () => {
    const members = ['a', 'b', 'c'].map((name) => faultyKeyring(name, { mode: 'hangs' }));
    const controller = new AbortController();
    const { signal } = controller;
    const encrypting = encrypt(plaintext, { keyring: multiKeyring({ members: keyringsOf(members) }), signal });
    await expect.poll(() => members.map(({ hung }) => hung.length)).toEqual([1, 1, 1]);
    controller.abort();
    await failure(encrypting, 'aborted');
    expect(members.every(({ hung }) => hung[0]?.aborted)).toBe(true);
  });

  it('writes nothing when one member fails, and names every one that did', async () => {
    const members = [faultyKeyring('a', { mode: 'fails' }), faultyKeyring('b'), faultyKeyring('c', { mode: 'fails' })];
    const error = await failure(encrypt(plaintext, { keyring: multiKeyring({ members: keyringsOf(members) }) }), 'wrap-failed');
    expect(error.details.attempts.map(({ keyId, reason }) => [keyId, reason])).toEqual([
      ['a', 'unavailable'],
      ['c', 'unavailable'],
    ]);
    expect(error.message).toContain('Wait.');
  });

  it('gives up a silent member at the deadline, and says so', async () => {
    const members = [faultyKeyring('a'), faultyKeyring('b', { mode: 'hangs' })];
    const keyring = multiKeyring({ members: keyringsOf(members), deadline: 30 });
    const error = await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
    expect(error.details.attempts).toMatchObject([{ keyId: 'b', reason: 'timeout', retryable: true }]);
    expect(members[1]?.hung[0]?.aborted).toBe(true);
  });
});

describe('a member that answers without a wrapped key', () => {
  it.each<[string, unknown]>([['nothing', undefined], ['no list', {}], ['an empty list', { wrappedKeys: [] }], ['a list of nothing', { wrappedKeys: [undefined] }]])(
    'has failed, with or without a policy: %s',
    async (_what, answer) => {
      const silent = new TestKeyring({ name: 'b', wrap: async () => await Promise.resolve(answer as never) });
      const members = [faultyKeyring('a').keyring, silent];
      const error = await failure(encrypt(plaintext, { keyring: multiKeyring({ members }) }), 'wrap-failed');
      expect(error.details.attempts).toMatchObject([{ keyring: 'b', reason: 'unknown' }]);
      const relaxed = multiKeyring({ members, write: { minimum: 1 } });
      expect(wrappedBy(await encrypt(plaintext, { keyring: relaxed }))).toEqual(['a', 'b (pending)']);
      await failure(encrypt(plaintext, { keyring: multiKeyring({ members, write: { minimum: 2 } }) }), 'wrap-failed');
    },
  );
});

describe('two members with one KEK', () => {
  it('are named when both have wrapped under it', async () => {
    const keyring = multiKeyring({ members: [faultyKeyring('a').keyring, faultyKeyring('b').keyring, faultyKeyring('a').keyring] });
    const error = await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
    expect(error.details.attempts).toMatchObject([{ provider: 'test', keyId: 'a', reason: 'misconfigured', retryable: false }]);
  });
});

describe('a write policy', () => {
  it('lets a write do without a member that fails, which is then pending', async () => {
    const members = [faultyKeyring('a'), faultyKeyring('b', { mode: 'fails' }), faultyKeyring('c')];
    const keyring = multiKeyring({ members: keyringsOf(members), write: { minimum: 2 } });
    const envelope = await encrypt(plaintext, { keyring });
    expect(wrappedBy(envelope)).toEqual(['a', 'b (pending)', 'c']);
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  });

  it('waits for a slow member no longer than its patience', async () => {
    const members = [faultyKeyring('a'), faultyKeyring('b', { mode: 'hangs' })];
    const keyring = multiKeyring({ members: keyringsOf(members), write: { minimum: 1, patience: 10 } });
    expect(wrappedBy(await encrypt(plaintext, { keyring }))).toEqual(['a', 'b (pending)']);
    expect(members[1]?.hung[0]?.aborted).toBe(true);
  });

  it('writes nothing when fewer than the minimum succeed', async () => {
    const members = [faultyKeyring('a'), faultyKeyring('b', { mode: 'fails' }), faultyKeyring('c', { mode: 'fails' })];
    const keyring = multiKeyring({ members: keyringsOf(members), write: { minimum: 2 } });
    await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
  });

  it('writes nothing without a required member', async () => {
    const [a, b] = [faultyKeyring('a'), faultyKeyring('b', { mode: 'fails' })] as const;
    const members = [a.keyring, { keyring: b.keyring, required: true }];
    await failure(encrypt(plaintext, { keyring: multiKeyring({ members, write: { minimum: 1 } }) }), 'wrap-failed');
  });

  it('counts failure domains, not members', async () => {
    const members = [faultyKeyring('a'), faultyKeyring('b'), faultyKeyring('c')];
    const [a, b, c] = keyringsOf(members) as [FaultyKeyring['keyring'], FaultyKeyring['keyring'], FaultyKeyring['keyring']];
    const keyring = multiKeyring({
      members: [
        { keyring: a, domain: { cloud: 'aws' } },
        { keyring: b, domain: { cloud: 'aws' } },
        { keyring: c, domain: { cloud: 'gcp' } },
      ],
      write: { minimum: 2, distinctDomains: ['cloud'] },
    });
    (members[2] as FaultyKeyring).mode = 'fails';
    await failure(encrypt(plaintext, { keyring }), 'wrap-failed');
    (members[2] as FaultyKeyring).mode = 'works';
    (members[0] as FaultyKeyring).mode = 'fails';
    expect(wrappedBy(await encrypt(plaintext, { keyring }))).toEqual(['a (pending)', 'b', 'c']);
  });

  it.each([
    [{ minimum: 0 }, 'options.write.minimum'],
    [{ minimum: 3 }, 'options.write.minimum'],
    [{ minimum: 2, distinctDomains: ['provider'] }, 'options.write'],
    [{ minimum: 1, distinctDomains: ['region'] }, 'options.write.distinctDomains'],
    [{ minimum: 1, patience: -1 }, 'options.write.patience'],
    [{ minimum: 1, patience: 2 ** 31 }, 'options.write.patience'],
  ])('is refused when it cannot hold: %j', async (write, argument) => {
    const members = [faultyKeyring('a').keyring, faultyKeyring('b').keyring];
    const error = await failure(() => multiKeyring({ members, write }), 'invalid-argument');
    expect(error.details.argument).toBe(argument);
  });

  it('is refused where two members have one KEK, whose pending wrapped key could stand for only one of them', async () => {
    const members = [faultyKeyring('alias/app').keyring, faultyKeyring('b').keyring, faultyKeyring('alias/app').keyring];
    const error = await failure(() => multiKeyring({ members, write: { minimum: 2 } }), 'invalid-argument');
    expect(error.details.argument).toBe('options.members');
    expect(error.message).toContain('test alias/app');
    // To read with, or to write with all of them, two ways to one name are as good as one.
    expect(multiKeyring({ members }).keks).toHaveLength(3);
  });

  it('is healed by a rewrap once the member is back', async () => {
    const [a, b] = [faultyKeyring('a'), faultyKeyring('b', { mode: 'fails' })] as const;
    const members = [a.keyring, b.keyring];
    const { header } = await encryptDetached(plaintext, { keyring: multiKeyring({ members, write: { minimum: 1 } }) });
    expect(wrappedBy(header)).toEqual(['a', 'b (pending)']);
    b.mode = 'works';
    const keyring = multiKeyring({ members });
    const healed = await rewrap(header, { keyring, wrapWith: keyring });
    expect(wrappedBy(healed.header)).toEqual(['a', 'b']);
    expect(healed.changes.find(({ key }) => key.keyId === 'b')).toMatchObject({ change: 'repaired', proven: true });
  });
});
