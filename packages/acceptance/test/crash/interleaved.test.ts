/** Two who repair and one who moves to another key, on one store, in every order of their loads and replacements. */
import { decryptDetached, encryptDetached, inspect, multiKeyring, rewrapAll } from '@keyfold/core';
import type { DetachedEnvelope, Keyring, RewrapAllOptions, RewrapOutcome, StoredHeader } from '@keyfold/core';
import { failure } from '@keyfold/keyring-testkit/helpers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { burglar, memoryKeyring, MemoryKek } from '../sequences/memory-kms.js';
import { allowTime, cases } from '../support/cases.js';
import { expectAllHandled } from '../support/leaks.js';

allowTime();
expectAllHandled();
const plaintext = new TextEncoder().encode('the only copy');
const keks = ['retired', 'everyday', 'was-down', 'new'].map((name) => new MemoryKek('memory', name)) as [MemoryKek, MemoryKek, MemoryKek, MemoryKek];
const [retired, everyday, wasDown, fresh] = keks;
const any = (...members: MemoryKek[]): Keyring => multiKeyring({ members: members.map(memoryKeyring), write: { minimum: 1 } });

/** Each missing the key that was down when they were written. */
wasDown.state = 'down';
const written: readonly DetachedEnvelope[] = await Promise.all(
  [0, 1, 2].map(async () => await encryptDetached(plaintext, { keyring: any(retired, everyday, wasDown) })));
wasDown.state = 'up';

const repair = (refresh: boolean): RewrapAllOptions => ({ keyring: any(everyday), wrapWith: any(everyday, wasDown), refresh });
const move: RewrapAllOptions = { keyring: any(retired, everyday), wrapWith: any(fresh), remove: [{ provider: 'memory', keyId: 'retired' }] };

it('every change is there at the end, and none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), fc.boolean(), fc.integer({ min: 1, max: 3 }), async (scheduler, refreshA, refreshB, concurrency) => {
      const headers: Uint8Array[] = written.map(({ header }) => header);
      const rows = (who: string): StoredHeader[] =>
        headers.map((_, i) => ({
          id: String(i),
          load: async () => {
            await scheduler.schedule(Promise.resolve(), `${who} loads ${i}`);
            return headers[i] as Uint8Array;
          },
          // As a database does it: compared and swapped in one moment, whenever that comes.
          replace: async (expected, next) => {
            await scheduler.schedule(Promise.resolve(), `${who} replaces ${i}`);
            if (Buffer.compare(headers[i] as Uint8Array, expected) !== 0) return false;
            headers[i] = next;
            return true;
          },
        }));
      const run = async (who: string, options: RewrapAllOptions): Promise<RewrapOutcome[]> => {
        const outcomes: RewrapOutcome[] = [];
        for await (const outcome of rewrapAll(rows(who), { ...options, concurrency })) outcomes.push(outcome);
        return outcomes;
      };
      const all = Promise.all([run('A', repair(refreshA)), run('B', repair(refreshB)), run('C', move)]);
      const outcomes = (await scheduler.waitFor(all)).flat();
      expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
      for (const [i, header] of headers.entries()) {
        const { revision, wrappedKeys } = inspect(header);
        expect(wrappedKeys.map(({ keyId, pending }) => [keyId, pending])).toEqual([['everyday', false], ['new', false], ['was-down', false]]);
        expect(revision).toBe(outcomes.filter(({ id, status }) => id === String(i) && status === 'rewrapped').length);
        const envelope = { header, payload: (written[i] as DetachedEnvelope).payload };
        for (const kek of [everyday, wasDown, fresh]) expect(await decryptDetached(envelope, { keyring: memoryKeyring(kek) })).toEqual(plaintext);
        await failure(decryptDetached(envelope, { keyring: burglar(retired) }), 'unwrap-failed');
      }
    }),
    { numRuns: cases(300, 40) },
  );
});
