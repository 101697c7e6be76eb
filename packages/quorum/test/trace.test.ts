/** What a quorum asks of its members can be followed on the same diagnostics channel as a multi-keyring's decisions. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { KeyringTrace } from '@keyfold/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { member } from './support/member.js';
import type { Member } from './support/member.js';
import { unwrapFrom, wrapOne } from './support/opening.js';

let told: KeyringTrace[];
let members: readonly [Member, Member, Member];
const listen = (message: unknown): void => void told.push(message as KeyringTrace);
const quorum = (): ReturnType<typeof quorumKeyring> =>
  quorumKeyring({ name: 'board', threshold: 2, shares: members.map(({ keyring }) => keyring) });

beforeEach(() => {
  told = [];
  members = [member('a'), member('b'), member('c')];
  subscribe('keyfold:keyring', listen);
});
afterEach(() => {
  unsubscribe('keyfold:keyring', listen);
});

/** How the calls to a member went: each was told to have begun, and once to have ended, after some time. */
function calls(name: string): string[] {
  const ofIt = told.filter(({ keyring }) => keyring === name);
  const ends = ofIt.filter(({ milliseconds }) => milliseconds !== undefined && milliseconds >= 0);
  expect(ends).toHaveLength(ofIt.filter(({ event }) => event === 'started').length);
  return ends.map(({ operation, event, reason }) => [operation, event, reason].filter(Boolean).join(' '));
}

describe('is told', () => {
  it('of a wrap: what came of every share', async () => {
    await wrapOne(quorum());
    for (const name of ['a', 'b', 'c']) expect(calls(name)).toEqual(['wrap succeeded']);
    expect(new Set(told.map(({ call }) => call)).size).toBe(1);
  });

  it('of a wrap that failed: whose fault it was, and what was thrown', async () => {
    members[1].mode = 'fails';
    await expect(wrapOne(quorum())).rejects.toMatchObject({ code: 'wrap-failed' });
    expect(calls('b')).toEqual(['wrap failed unavailable']);
    expect(told.find(({ event }) => event === 'failed')?.error).toMatchObject({ code: 'keyring-failed' });
  });

  it('of an unwrap: who gave a share, who failed, and who was no longer needed', async () => {
    const wrapped = await wrapOne(quorum());
    [members[0].mode, members[1].mode] = ['works', 'hangs'];
    told = [];
    await unwrapFrom(quorum(), wrapped);
    expect(calls('a')).toEqual(['unwrap succeeded']);
    expect(calls('b')).toEqual(['unwrap aborted answered']);
    expect(calls('c')).toEqual(['unwrap succeeded']);
    members[1].mode = 'fails';
    told = [];
    await unwrapFrom(quorum(), wrapped);
    expect(calls('b')).toContain('unwrap failed unavailable');
  });
});
