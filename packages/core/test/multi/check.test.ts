/** What a multi-keyring finds out about its members' KEKs. */
import { describe, expect, it } from 'vitest';
import { multiKeyring } from '../../src/index.js';
import type { CheckRequest, KeyCheck, Keyring } from '../../src/keyring/index.js';
import { failure } from '../support/failure.js';
import { faultyKeyring } from '../support/faulty-keyring.js';
import { never } from '../support/gate.js';

const quiet = (): AbortSignal => new AbortController().signal;

function checking(name: string, check: (row: KeyCheck, signal: AbortSignal) => Promise<readonly KeyCheck[]>): Keyring {
  const { keyring } = faultyKeyring(name);
  const row: KeyCheck = {
    provider: 'test', keyId: name, keyVersion: '1', reachable: true, state: 'enabled', permitted: { wrap: 'yes', unwrap: 'yes', generate: 'no' },
  };
  return Object.assign(keyring, { check: async ({ signal }: CheckRequest) => await check(row, signal) });
}

const works = (name: string): Keyring => checking(name, async (row) => await Promise.resolve([row]));

describe('the check of a multi-keyring', () => {
  it('has the rows of every member, also of members of members', async () => {
    const keyring = multiKeyring({ members: [works('a'), multiKeyring({ members: [works('b'), works('c')] }), faultyKeyring('silent').keyring] });
    expect((await keyring.check?.({ signal: quiet() }))?.map(({ keyId, state }) => `${keyId} ${state}`)).toEqual(['a enabled', 'b enabled', 'c enabled']);
  });

  it('has a row that says so for each key of a member whose check fails, and all rows of the others', async () => {
    const broken = checking('b', async () => await Promise.reject(new Error('a defect')));
    const rows = await multiKeyring({ members: [works('a'), broken, works('c')] }).check?.({ signal: quiet() });
    expect(rows?.map(({ keyId, reachable, state }) => [keyId, reachable, state])).toEqual([['a', true, 'enabled'], ['b', false, 'unknown'], ['c', true, 'enabled']]);
    expect(rows?.[1]).toMatchObject({ provider: 'test', keyVersion: '', permitted: { wrap: 'unknown' }, problem: { reason: 'unknown' } });
    expect(rows?.[1]?.problem?.remedy).toContain('report it there');
  });

  it('ends at the deadline, and says who was silent', async () => {
    const signals: AbortSignal[] = [];
    const silent = checking('b', async (_row, signal) => { signals.push(signal); return await never(); });
    const rows = await multiKeyring({ members: [works('a'), silent], deadline: 20 }).check?.({ signal: quiet() });
    expect(rows?.map(({ keyId, problem }) => [keyId, problem?.reason])).toEqual([['a', undefined], ['b', 'timeout']]);
    expect(signals[0]?.aborted).toBe(true);
  });

  it("ends when the caller's signal fires", async () => {
    const controller = new AbortController();
    const silent = checking('b', async () => { controller.abort(); return await never(); });
    await failure(multiKeyring({ members: [works('a'), silent] }).check?.({ signal: controller.signal }) ?? never(), 'aborted');
    await failure(multiKeyring({ members: [works('a')] }).check?.({ signal: AbortSignal.abort() }) ?? never(), 'aborted');
  });
});
