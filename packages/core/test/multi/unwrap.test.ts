import { afterEach, describe, expect, it, vi } from 'vitest';
import { decrypt, encrypt, multiKeyring } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import type { FaultyKeyring } from '../support/faulty-keyring.js';

const plaintext = utf8('the only copy');
/** So long that a test which waited for it would time out. */
const FOREVER = 100_000;

async function written(): Promise<{
  readonly members: readonly [FaultyKeyring, FaultyKeyring, FaultyKeyring];
  readonly envelope: Uint8Array;
  readonly open: (options?: { headStart?: number; deadline?: number; signal?: AbortSignal }) => Promise<Uint8Array>;
}> {
  const members = [faultyKeyring('a'), faultyKeyring('b'), faultyKeyring('c')] as const;
  const keyrings = members.map(({ keyring }) => keyring);
  const envelope = await encrypt(plaintext, { keyring: multiKeyring({ members: keyrings }) });
  for (const { keyring } of members) keyring.calls.length = 0;
  return {
    members,
    envelope,
    open: async ({ signal, ...options } = {}) => {
      const keyring = multiKeyring({ members: keyrings, headStart: FOREVER, ...options });
      return await decrypt(envelope, { keyring, ...(signal === undefined ? {} : { signal }) });
    },
  };
}

const asked = (members: readonly FaultyKeyring[]): string[] =>
  members.filter(({ keyring }) => keyring.operations.includes('unwrap')).map(({ keyring }) => keyring.name);

afterEach(() => {
  vi.useRealTimers();
});

describe('unwrapping with a multi-keyring', () => {
  it('asks the first member alone while it answers', async () => {
    const { members, open } = await written();
    expect(await open()).toEqual(plaintext);
    expect(asked(members)).toEqual(['a']);
  });

  it.each(['fails', 'lies'] as const)('goes on at once when a member %s', async (mode) => {
    const { members, open } = await written();
    members[0].mode = mode;
    members[1].mode = mode;
    expect(await open()).toEqual(plaintext);
    expect(asked(members)).toEqual(['a', 'b', 'c']);
  });

  it('asks the next member when one is slow, takes the first answer and aborts the other', async () => {
    const { members, envelope } = await written();
    members[0].mode = 'hangs';
    const keyring = multiKeyring({ members: [members[0].keyring, members[1].keyring], headStart: 5 });
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
    expect(asked(members)).toEqual(['a', 'b']);
    expect(members[0].hung[0]?.aborted).toBe(true);
  });

  it('goes on at once when a member knows none of the wrapped keys', async () => {
    const { members, envelope } = await written();
    const keyring = multiKeyring({ members: [faultyKeyring('stranger').keyring, members[2].keyring], headStart: FOREVER });
    expect(await decrypt(envelope, { keyring })).toEqual(plaintext);
  });

  it('says that no key matches when no member knows a wrapped key', async () => {
    const { envelope } = await written();
    const keyring = multiKeyring({ members: [faultyKeyring('x').keyring, faultyKeyring('y').keyring] });
    await failure(decrypt(envelope, { keyring }), 'no-matching-key');
  });

  it('lists every attempt when all fail', async () => {
    const { members, open } = await written();
    for (const member of members) member.mode = 'fails';
    members[1].reason = 'access-denied';
    const error = await failure(open(), 'unwrap-failed');
    expect(error.details.attempts.map(({ keyId, reason }) => `${keyId} ${reason}`)).toEqual([
      'a unavailable',
      'b access-denied',
      'c unavailable',
    ]);
  });

  it('ends at the deadline, and says who was silent and who was not asked', async () => {
    const { members, open } = await written();
    members[0].mode = 'fails';
    members[1].mode = 'hangs';
    const error = await failure(open({ deadline: 30 }), 'unwrap-failed');
    expect(error.details.attempts.map(({ keyId, reason, outcome }) => [keyId, reason, outcome])).toEqual([
      ['a', 'unavailable', 'failed'],
      ['b', 'timeout', 'failed'],
      ['c', 'timeout', 'skipped'],
    ]);
    expect(members[1].hung[0]?.aborted).toBe(true);
    expect(asked(members)).toEqual(['a', 'b']);
  });

  it("stops everybody when the caller's signal fires", async () => {
    const { members, open } = await written();
    for (const member of members) member.mode = 'hangs';
    const controller = new AbortController();
    const opening = open({ headStart: 1, signal: controller.signal });
    await expect.poll(() => members.map(({ hung }) => hung.length)).toEqual([1, 1, 1]);
    controller.abort();
    await failure(opening, 'aborted');
    expect(members.map(({ hung }) => hung[0]?.aborted)).toEqual([true, true, true]);
  });

  it('leaves no timer behind', async () => {
    const { members, open } = await written();
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    members[0].mode = 'fails';
    await open();
    expect(timers()).toBe(before);
  });

  it('wipes the key material of whoever comes second', async () => {
    const { members, open } = await written();
    expect(await open({ headStart: 0 })).toEqual(plaintext);
    await expect.poll(() => members.flatMap(({ keyring }) => keyring.keyMaterial.map((bytes) => bytes.every((b) => b === 0)))).not.toContain(false);
  });

  it('takes other multi-keyrings as members', async () => {
    const { members, envelope } = await written();
    members[0].mode = 'fails';
    const inner = multiKeyring({ members: [members[0].keyring, members[1].keyring], headStart: FOREVER });
    expect(await decrypt(envelope, { keyring: multiKeyring({ members: [inner, members[2].keyring] }) })).toEqual(plaintext);
    expect(asked(members)).toEqual(['a', 'b']);
  });
});

describe('a member that failed hard', () => {
  async function afterFailure(): Promise<{ members: readonly FaultyKeyring[]; open: () => Promise<Uint8Array> }> {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { members, envelope } = await written();
    const keyring = multiKeyring({ members: members.map((member) => member.keyring), headStart: FOREVER });
    members[0].mode = 'fails';
    await decrypt(envelope, { keyring });
    members[0].mode = 'works';
    for (const member of members) member.keyring.calls.length = 0;
    return { members, open: async () => await decrypt(envelope, { keyring }) };
  }

  it('is asked last for a while', async () => {
    const { members, open } = await afterFailure();
    await open();
    expect(asked(members)).toEqual(['b']);
  });

  it('is asked in its own place again after that', async () => {
    const { members, open } = await afterFailure();
    vi.advanceTimersByTime(60_000);
    await open();
    expect(asked(members)).toEqual(['a']);
  });

  it('is asked all the same when every other fails', async () => {
    const { members, open } = await afterFailure();
    for (const member of members.slice(1)) member.mode = 'fails';
    expect(await open()).toEqual(plaintext);
  });
});
