/** Aliases: what they lead to is asked when it has to be known, remembered, and asked again before it is wrong. */
import { DeleteAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { hold, until } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated({ aws: { accounts: { simulator: '111122223333', THEIRS: '999999999999' } } });
const kms = client();
const MINUTES = 60_000;

let serial = 0;
const fresh = async (): Promise<{ alias: string; arn: string; keyId: string; aliasArn: string }> => {
  const alias = `alias/app-${++serial}`;
  const { arn, keyId, aliasArn = '' } = await sim.aws.createKey({ region: HOME, alias });
  return { alias, arn, keyId, aliasArn };
};
const repoint = async (alias: string, keyId: string): Promise<void> => {
  await kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
};
const asked = (): number => sim.requests.count({ operation: 'DescribeKey' });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  sim.requests.reset();
});
afterEach(() => {
  vi.useRealTimers();
  sim.faults.clear();
});

describe.each([['alias'], ['aliasArn']] as const)('a key that is named by its %s', (how) => {
  it('is found in an envelope by asking what the alias leads to, once', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    const reader = keyring({ key: key[how], region: HOME });
    for (let i = 0; i < 3; i++) expect(await unwrapFrom(reader, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    expect(asked()).toBe(1);
    // It is unwrapped with the key that was found, not with whatever the alias leads to by then.
    expect(sim.requests.list({ operation: 'Decrypt' }).map(({ keyId }) => keyId)).toEqual([key.arn, key.arn, key.arn]);
  });

  it('is known without asking to a keyring that has just wrapped with it', async () => {
    const key = await fresh();
    const one = keyring({ key: key[how], region: HOME });
    expect(await unwrapFrom(one, [await wrapOne(one)])).toMatchObject({ keyMaterial: DATA_KEY });
    expect(asked()).toBe(0);
  });
});

describe('a repointed alias', () => {
  it('wraps with the new key at once, and the keyring reads that', async () => {
    const [old, next] = [await fresh(), await fresh()];
    const one = keyring({ key: old.alias, region: HOME });
    await wrapOne(one);
    await repoint(old.alias, next.keyId);
    const wrapped = await wrapOne(one);
    expect(wrapped.keyId).toBe(next.arn);
    expect(await unwrapFrom(one, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
  });

  it('is noticed within seconds by a keyring that only reads', async () => {
    const [old, next] = [await fresh(), await fresh()];
    const reader = keyring({ key: old.alias, region: HOME });
    await unwrapFrom(reader, [await wrapOne(keyring({ key: old.arn }))]);
    await repoint(old.alias, next.keyId);
    const wrapped = await wrapOne(keyring({ key: next.arn }));
    vi.advanceTimersByTime(5_000);
    expect(await unwrapFrom(reader, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    expect(asked()).toBe(2);
  });

  it('is not forgotten for an older answer that comes late', async () => {
    const [old, next] = [await fresh(), await fresh()];
    const wrapped = await wrapOne(keyring({ key: next.arn }));
    const one = keyring({ key: old.alias, region: HOME });
    const late = sim.faults.inject({ kind: 'late-success', ms: 60 * MINUTES, operation: 'DescribeKey' });
    const reading = unwrapFrom(one, [wrapped]);
    await until(() => late.hits === 1);
    await repoint(old.alias, next.keyId);
    await wrapOne(one);
    late.clear();
    expect(await reading).toMatchObject({ keyMaterial: DATA_KEY });
    expect(await unwrapFrom(one, [wrapped])).not.toBeNull();
    expect(asked()).toBe(1);
  });

  it('leaves old envelopes to the keys that are listed', async () => {
    const [old, next] = [await fresh(), await fresh()];
    const wrapped = await wrapOne(keyring({ key: old.alias, region: HOME }));
    await repoint(old.alias, next.keyId);
    expect(await unwrapFrom(keyring({ key: old.alias, region: HOME }), [wrapped])).toBeNull();
    const both = keyring({ key: old.alias, region: HOME, alsoUnwrap: [old.arn] });
    sim.requests.reset();
    expect(await unwrapFrom(both, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY });
    // Listed keys are known by their ARN.
    expect(asked()).toBe(0);
    expect((await wrapOne(both)).keyId).toBe(next.arn);
  });

  it('is asked about again after minutes, also where it matched', async () => {
    const [old, next] = [await fresh(), await fresh()];
    const wrapped = await wrapOne(keyring({ key: old.arn }));
    const reader = keyring({ key: old.alias, region: HOME });
    await unwrapFrom(reader, [wrapped]);
    await repoint(old.alias, next.keyId);
    vi.advanceTimersByTime(4 * MINUTES);
    expect(await unwrapFrom(reader, [wrapped])).not.toBeNull();
    vi.advanceTimersByTime(MINUTES);
    expect(await unwrapFrom(reader, [wrapped])).toBeNull();
  });
});

describe('envelopes of others', () => {
  it('cause one question in seconds when they are of the same account and Region', async () => {
    const [mine, theirs] = [await fresh(), await fresh()];
    const wrapped = await wrapOne(keyring({ key: theirs.arn }));
    const reader = keyring({ key: mine.aliasArn });
    for (let i = 0; i < 20; i++) expect(await unwrapFrom(reader, [wrapped])).toBeNull();
    expect(asked()).toBe(1);
    expect(sim.requests.count({ operation: 'Decrypt' })).toBe(0);
  });

  it('cause none when the alias ARN tells that they are of another account or Region', async () => {
    const mine = await fresh();
    const wrapped = await wrapOne(keyring({ key: mine.arn }));
    const elsewhere = [
      { ...wrapped, keyId: mine.arn.replace(HOME, AWAY) },
      { ...wrapped, keyId: mine.arn.replace('111122223333', '999999999999') },
      { ...wrapped, keyId: mine.arn.replace('arn:aws:', 'arn:aws-cn:') },
    ];
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: mine.aliasArn }), elsewhere)).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it('of another account cause no more than the first question, when only the alias’s name is known', async () => {
    const mine = await fresh();
    const wrapped = await wrapOne(keyring({ key: mine.arn }));
    const theirs = { ...wrapped, keyId: mine.arn.replace('111122223333', '999999999999') };
    const reader = keyring({ key: mine.alias, region: HOME });
    for (let i = 0; i < 3; i++) {
      expect(await unwrapFrom(reader, [theirs])).toBeNull();
      vi.advanceTimersByTime(10 * MINUTES);
    }
    expect(sim.requests.count({ operation: 'DescribeKey' })).toBe(1);
    expect(sim.requests.count({ operation: 'Decrypt' })).toBe(0);
  });
});

describe('an alias that cannot be looked up', () => {
  it('fails the unwrap, as the envelope may be the keyring’s own', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    sim.faults.inject({ kind: 'access-denied', operation: 'DescribeKey' });
    const error = await failure(unwrapFrom(keyring({ key: key.alias, region: HOME }), [wrapped]), 'keyring-failed');
    expect(error.details).toMatchObject({ operation: 'unwrap', reason: 'access-denied', keyId: key.alias });
    expect(error.details.remedy).toMatch(new RegExp(`kms:DescribeKey on the key that ${key.alias} leads to`));
  });

  it('does not keep a listed key from being tried', async () => {
    const [key, listed] = [await fresh(), await fresh()];
    const wrapped = [await wrapOne(keyring({ key: key.arn })), await wrapOne(keyring({ key: listed.arn }))];
    sim.faults.inject({ kind: 'access-denied', operation: 'DescribeKey' });
    const reader = keyring({ key: key.alias, region: HOME, alsoUnwrap: [listed.arn] });
    expect(await unwrapFrom(reader, wrapped)).toMatchObject({ wrappedKey: wrapped[1] });
  });

  it('is asked about anew after a failure', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    sim.faults.inject({ kind: 'throttled', operation: 'DescribeKey', count: 1 });
    const reader = keyring({ key: key.alias, region: HOME });
    await failure(unwrapFrom(reader, [wrapped]), 'keyring-failed');
    expect(await unwrapFrom(reader, [wrapped])).not.toBeNull();
  });

  it('is not found when it was deleted, for writers and readers', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    await kms.send(new DeleteAliasCommand({ AliasName: key.alias }));
    const one = keyring({ key: key.alias, region: HOME });
    for (const call of [async () => await wrapOne(one), async () => await unwrapFrom(one, [wrapped])]) {
      expect((await failure(call(), 'keyring-failed')).details).toMatchObject({ reason: 'not-found', keyId: key.alias });
    }
  });

  it('fails when the answer names no key', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    const hollow = { send: async () => await Promise.resolve({ KeyMetadata: { Arn: `${key.arn}/x` } }) };
    const reader = keyring({ key: key.alias, region: HOME, client: hollow as never });
    expect((await failure(unwrapFrom(reader, [wrapped]), 'keyring-failed')).details.reason).toBe('integrity');
  });
});

describe('many at once', () => {
  it('ask once', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    const reader = keyring({ key: key.alias, region: HOME });
    const results = await Promise.all(Array.from({ length: 20 }, async () => await unwrapFrom(reader, [wrapped])));
    expect(results.every((result) => result !== null)).toBe(true);
    expect(asked()).toBe(1);
  });

  it('go on when one of them leaves, and the question is given up with the last', async () => {
    const key = await fresh();
    const wrapped = await wrapOne(keyring({ key: key.arn }));
    const reader = keyring({ key: key.alias, region: HOME });
    const held = hold(sim, 'DescribeKey');
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    const calls = [first, second].map(async ({ signal }) => await unwrapFrom(reader, [wrapped], {}, { signal }));
    await held.reached;
    first.abort();
    await failure(calls[0] as Promise<unknown>, 'aborted');
    held.release();
    expect(await calls[1]).toMatchObject({ keyMaterial: DATA_KEY });
    expect(asked()).toBe(1);

    const again = hold(sim, 'DescribeKey');
    const lonely = unwrapFrom(keyring({ key: key.alias, region: HOME }), [wrapped], {}, { signal: third.signal });
    await again.reached;
    third.abort();
    await failure(lonely, 'aborted');
    await again.abandoned;
    again.release();
  });
});
