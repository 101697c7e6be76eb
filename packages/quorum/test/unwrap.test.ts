import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { decrypt, encrypt, multiKeyring } from '@keyfold/core';
import type { KeyringTrace } from '@keyfold/core';
import { encodeQuorum, parseQuorum } from '@keyfold/core/keyring';
import type { Keyring, WrappedKey } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { rowsOf } from './support/rows-of.js';
import { isWiped, member } from './support/member.js';
import type { Member } from './support/member.js';
import { DATA_KEY, unwrapFrom, wrapOne } from './support/opening.js';

/** So long that a test which waited for it would time out. */
const FOREVER = 1_000_000;

async function written(
  threshold: number,
  count: number,
  deadline = FOREVER,
): Promise<{ readonly members: readonly Member[]; readonly wrapped: WrappedKey; readonly keyring: Keyring }> {
  const members = Array.from({ length: count }, (_, i) => member(String.fromCharCode(97 + i)));
  const keyring = quorumKeyring({ name: 'board', threshold, shares: members.map((one) => one.keyring), deadline });
  const wrapped = await wrapOne(keyring);
  for (const { asked, shares, copies, signals } of members) for (const list of [asked, shares, copies, signals]) list.length = 0;
  return { members, wrapped, keyring };
}

/** The member in a place. */
const at = (members: readonly Member[], i: number): Member => members[i] as Member;

describe('unwrapping', () => {
  it('asks all members at once, and ends at the k-th share', async () => {
    const { members, wrapped, keyring } = await written(2, 4);
    at(members, 0).mode = 'hangs';
    at(members, 2).mode = 'hangs';
    expect(await unwrapFrom(keyring, wrapped)).toEqual({ keyMaterial: DATA_KEY, wrappedKey: wrapped });
    expect(members.map(({ asked }) => asked)).toEqual([['unwrap'], ['unwrap'], ['unwrap'], ['unwrap']]);
    expect([0, 2].map((i) => at(members, i).signals[0]?.aborted)).toEqual([true, true]);
  });

  it('tries one key where no member is wrong', async () => {
    const { wrapped, keyring } = await written(3, 5);
    const offered: Uint8Array[] = [];
    await unwrapFrom(keyring, wrapped, { offered });
    expect(offered).toHaveLength(1);
  });

  it('does without members that are silent for ever, as long as k others answer', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    at(members, 1).mode = 'dead';
    expect(await unwrapFrom(keyring, wrapped)).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it.each(['fails', 'lies', 'short', 'throws at once'] as const)('goes on where one member %s', async (mode) => {
    for (const bad of [0, 1, 2]) {
      const { members, wrapped, keyring } = await written(2, 3);
      at(members, bad).mode = mode;
      expect(await unwrapFrom(keyring, wrapped)).toMatchObject({ keyMaterial: DATA_KEY });
    }
  });

  it('takes the share of a member that does not ask', async () => {
    const { members, wrapped, keyring } = await written(2, 2);
    for (const one of members) one.mode = 'does not ask';
    expect(await unwrapFrom(keyring, wrapped)).toMatchObject({ keyMaterial: DATA_KEY });
    expect(members.flatMap(({ shares }) => shares.map(isWiped))).toEqual([true, true]);
  });

  it('finds k right shares among wrong ones', async () => {
    const { members, wrapped, keyring } = await written(3, 7);
    for (const bad of [0, 2, 3, 6]) at(members, bad).mode = 'lies';
    const offered: Uint8Array[] = [];
    expect(await unwrapFrom(keyring, wrapped, { offered })).toMatchObject({ keyMaterial: DATA_KEY });
    expect(offered.length).toBeGreaterThan(1);
    expect(offered.length).toBeLessThanOrEqual(35);
  });

  it('tries at most 1,000 sets', async () => {
    const { members, wrapped, keyring } = await written(8, 16);
    for (const one of members) one.mode = 'lies';
    const offered: Uint8Array[] = [];
    const error = await failure(unwrapFrom(keyring, wrapped, { offered }), 'unwrap-failed');
    expect(offered).toHaveLength(1_000);
    expect(offered.every(isWiped)).toBe(true);
    expect(error.details.attempts[0]?.message).toBe(
      '16 of 16 shares came back, and none of the 1000 sets of 8 that were tried gives the data key of this envelope.',
    );
  });

  it('tries every set, and each once, where there are fewer', async () => {
    const { members, wrapped, keyring } = await written(3, 6);
    for (const one of members) one.mode = 'lies';
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board integrity', ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name} integrity`)]);
    const offered: Uint8Array[] = [];
    await failure(unwrapFrom(keyring, wrapped, { offered }), 'unwrap-failed');
    // 6 over 3.
    expect(offered).toHaveLength(20);
  });

  it('never tries k - 1 shares', async () => {
    const { members, wrapped, keyring } = await written(3, 4);
    for (const bad of [0, 1]) at(members, bad).mode = 'fails';
    const offered: Uint8Array[] = [];
    await failure(unwrapFrom(keyring, wrapped, { offered }), 'unwrap-failed');
    expect(offered).toEqual([]);
  });

  it('uses each member once, however many shares an envelope says are its own', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    const { threshold, shares } = parseQuorum(wrapped);
    const ofA = shares[0]?.wrappedKeys ?? [];
    const forged = { ...wrapped, ciphertext: encodeQuorum({ threshold, shares: shares.map(({ index }) => ({ index, wrappedKeys: ofA })) }) };
    await failure(unwrapFrom(keyring, forged), 'unwrap-failed');
    expect(members.map(({ asked }) => asked.length)).toEqual([1, 0, 0]);
  });

  it('can be followed on a diagnostics channel', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    at(members, 0).mode = 'fails';
    const seen: string[] = [];
    const listen = (message: unknown): void => {
      const { operation, keyring: name, event } = message as KeyringTrace;
      seen.push(`${operation} ${name} ${event}`);
    };
    subscribe('keyfold:keyring', listen);
    try {
      await unwrapFrom(keyring, wrapped);
    } finally {
      unsubscribe('keyfold:keyring', listen);
    }
    expect(seen).toContain('unwrap a failed');
    expect(seen.filter((line) => line.endsWith('succeeded'))).not.toEqual([]);
  });
});

describe('what is not of the policy is left alone', () => {
  it.each([
    ['a version', { keyVersion: '1' }],
    ['another algorithm', { algorithm: 'SHAMIR-GF65536' }],
    ['another provider', { provider: 'quorum-2' }],
    ['no ciphertext: it is pending', { ciphertext: new Uint8Array(0) }],
  ])('%s', async (_, changes) => {
    const { wrapped, keyring } = await written(2, 3);
    expect(await unwrapFrom(keyring, { ...wrapped, ...changes })).toBeNull();
  });

  it.each([
    ['another name', { name: 'auditors' }],
    ['another threshold', { threshold: 3 }],
  ])('%s', async (_, changes) => {
    const { members, wrapped } = await written(2, 3);
    const other = quorumKeyring({ name: 'board', threshold: 2, shares: members.map(({ keyring }) => keyring), ...changes });
    expect(await unwrapFrom(other, wrapped)).toBeNull();
    expect(members.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it('a threshold that somebody lowered: fewer shares are never enough', async () => {
    const { wrapped, keyring } = await written(3, 3);
    const { shares } = parseQuorum(wrapped);
    expect(await unwrapFrom(keyring, { ...wrapped, ciphertext: encodeQuorum({ threshold: 2, shares }) })).toBeNull();
  });

  it('but what is, and of which no key is configured, is a failure', async () => {
    const { wrapped } = await written(2, 3);
    const others = quorumKeyring({ name: 'board', threshold: 2, shares: [member('x').keyring, member('y').keyring] });
    const error = await failure(unwrapFrom(others, wrapped), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board integrity', 'a skipped misconfigured', 'b skipped misconfigured', 'c skipped misconfigured']);
    expect(error.message).toContain('0 of 3 shares came back, 2 are needed.');
  });
});

describe('an opening that fails', () => {
  it('lists every attempt, and how many shares came back of how many that are needed', async () => {
    const { members, wrapped, keyring } = await written(3, 4);
    at(members, 0).mode = 'fails';
    at(members, 2).mode = 'fails';
    at(members, 2).reason = 'access-denied';
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board unavailable', 'a unavailable', 'c access-denied']);
    expect(error.details.attempts[0]).toMatchObject({
      provider: 'quorum',
      retryable: true,
      message: '2 of 4 shares came back, 3 are needed.',
      remedy: 'Get 1 more of them back: what keeps each is listed here.',
    });
    expect(error.message).toContain('Wait.');
  });

  it('is not called retryable where no trying again brings enough', async () => {
    const { members, wrapped, keyring } = await written(3, 4);
    at(members, 0).mode = 'fails';
    for (const i of [1, 2]) Object.assign(at(members, i), { mode: 'fails', reason: 'access-denied' });
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(error.details.attempts[0]).toMatchObject({ reason: 'access-denied', retryable: false });
  });

  it('is called retryable where wrong shares may be made up for, and only there', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    for (const i of [0, 1]) at(members, i).mode = 'lies';
    expect((await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed')).details.attempts[0]).toMatchObject({ reason: 'integrity', retryable: false });
    at(members, 2).mode = 'fails';
    expect((await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed')).details.attempts[0]).toMatchObject({ reason: 'integrity', retryable: true });
  });

  it('is not called retryable for another key of a share that came back', async () => {
    const [a, b, c] = [member('a'), member('b'), member('c')];
    const either = multiKeyring({ members: [a.keyring, b.keyring], headStart: FOREVER });
    const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: [either, c.keyring] });
    const wrapped = await wrapOne(keyring);
    a.mode = 'fails';
    Object.assign(c, { mode: 'fails', reason: 'access-denied' });
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(error.details.attempts[0]).toMatchObject({ reason: 'access-denied', retryable: false });
  });

  it('names a member that did not ask, where its share was wrong', async () => {
    const { members, wrapped, keyring } = await written(2, 2);
    at(members, 0).mode = 'does not ask';
    at(members, 1).mode = 'lies';
    expect(rowsOf(await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed'))).toEqual(['board integrity', 'a integrity', 'b integrity']);
  });

  it('ends at the deadline, and says who was silent', async () => {
    const { members, wrapped, keyring } = await written(2, 3, 30);
    at(members, 0).mode = 'hangs';
    at(members, 1).mode = 'dead';
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(rowsOf(error)).toEqual(['board timeout', 'a timeout', 'b timeout']);
    expect(at(members, 0).signals[0]?.aborted).toBe(true);
  });

  it('ends at once, where a share is on trial and nobody is left who could bring another', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    at(members, 1).mode = 'fails';
    at(members, 2).mode = 'fails';
    await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(at(members, 0).shares.map(isWiped)).toEqual([true]);
  });

  it('says what the engine’s own error was', async () => {
    const { wrapped, keyring } = await written(2, 2);
    const accepts = async (): Promise<boolean> => await Promise.reject(new Error('The engine is broken.'));
    const unwrapping = keyring.unwrap({
      wrappedKeys: [wrapped],
      context: { pairs: new Map(), digest: await digestOfNothing() },
      accepts,
      signal: new AbortController().signal,
    });
    await expect(unwrapping).rejects.toThrow('The engine is broken.');
  });
});

describe('a signal that fires', () => {
  it('stops everybody at once', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    for (const one of members) one.mode = one.keyring.name === 'a' ? 'dead' : 'hangs';
    const controller = new AbortController();
    const unwrapping = unwrapFrom(keyring, wrapped, { signal: controller.signal });
    await expect.poll(() => members.flatMap(({ asked }) => asked)).toHaveLength(3);
    controller.abort(new Error('The user went away.'));
    const error = await failure(unwrapping, 'aborted');
    expect(error.cause).toEqual(new Error('The user went away.'));
    expect(members.map(({ signals }) => signals[0]?.aborted)).toEqual([true, true, true]);
  });

  it.each(['works', 'does not ask'] as const)('stops also while a share is on trial, of a member that %s', async (mode) => {
    const { members, wrapped, keyring } = await written(2, 2);
    at(members, 0).mode = mode;
    at(members, 1).mode = 'hangs';
    const controller = new AbortController();
    const unwrapping = unwrapFrom(keyring, wrapped, { signal: controller.signal });
    await expect.poll(() => at(members, 0).shares).toHaveLength(1);
    controller.abort();
    await failure(unwrapping, 'aborted');
    await expect.poll(() => at(members, 0).shares.map(isWiped)).toEqual([true]);
  });
});

describe('nothing is left of', () => {
  it('shares that were used, wrong, too many or too late', async () => {
    const { members, wrapped, keyring } = await written(2, 4);
    at(members, 0).mode = 'lies';
    at(members, 3).mode = 'dead';
    await unwrapFrom(keyring, wrapped);
    at(members, 3).answer();
    await expect.poll(() => members.flatMap(({ shares }) => shares).length).toBe(4);
    await expect.poll(() => members.flatMap(({ shares }) => shares.map(isWiped))).toEqual([true, true, true, true]);
  });

  it('keys that wrong shares gave', async () => {
    const { members, wrapped, keyring } = await written(2, 3);
    at(members, 0).mode = 'lies';
    const offered: Uint8Array[] = [];
    const result = await unwrapFrom(keyring, wrapped, { offered });
    expect(offered.filter((bytes) => !isWiped(bytes))).toEqual([result?.keyMaterial]);
  });

  it('timers and listeners', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const { members, wrapped, keyring } = await written(2, 3);
    at(members, 2).mode = 'dead';
    await unwrapFrom(keyring, wrapped);
    at(members, 1).mode = 'fails';
    at(members, 2).mode = 'fails';
    await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    expect(timers()).toBe(before);
  });

  it('shares in an error', async () => {
    const { members, wrapped, keyring } = await written(3, 3);
    at(members, 1).mode = 'lies';
    const error = await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    const text = JSON.stringify([error.message, error.details]);
    for (const copy of members.flatMap(({ copies }) => copies)) {
      for (const encoding of ['hex', 'base64', 'base64url'] as const) expect(text).not.toContain(Buffer.from(copy).toString(encoding));
    }
  });
});

it('many members that listen to their signals, and many openings at once, are no leak', async () => {
  const warnings: string[] = [];
  const warn = ({ name }: Error): number => warnings.push(name);
  process.on('warning', warn);
  const { members, wrapped, keyring } = await written(2, 16);
  for (const one of members.slice(2)) one.mode = 'hangs';
  await unwrapFrom(keyring, wrapped);
  // Without a signal of their own, all have one that the engine keeps for them.
  const two = quorumKeyring({ name: 'b', threshold: 2, shares: members.slice(0, 2).map((one) => one.keyring) });
  const envelope = await encrypt(new Uint8Array(1), { keyring: two });
  await Promise.all(Array.from({ length: 24 }, async () => await decrypt(envelope, { keyring: two })));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warn);
  expect(warnings).toEqual([]);
});

it('opens for decrypt, and tells it from a keyring without the key', async () => {
  const members = [member('a'), member('b'), member('c')];
  const keyring = quorumKeyring({ name: 'board', threshold: 2, shares: members.map((one) => one.keyring) });
  const plaintext = Uint8Array.of(1, 2, 3);
  const envelope = await encrypt(plaintext, { keyring, context: { tenant: 'acme' } });
  expect(await decrypt(envelope, { keyring, context: { tenant: 'acme' } })).toEqual(plaintext);
  const other = quorumKeyring({ name: 'other', threshold: 2, shares: members.map((one) => one.keyring) });
  await failure(decrypt(envelope, { keyring: other, context: { tenant: 'acme' } }), 'no-matching-key');
  await failure(decrypt(envelope, { keyring: at(members, 0).keyring, context: { tenant: 'acme' } }), 'no-matching-key');
});

async function digestOfNothing(): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(2)));
}
