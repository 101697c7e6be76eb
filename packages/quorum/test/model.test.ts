/** Whatever members do, in whatever quorum: it opens exactly when k of them answer rightly. */
import { setImmediate as turn } from 'node:timers/promises';
import { failure } from '@keyfold/keyring-testkit/helpers';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { rowsOf } from './support/rows-of.js';
import { isWiped, member } from './support/member.js';
import type { Mode } from './support/member.js';
import { DATA_KEY, unwrapFrom, wrapOne } from './support/opening.js';

const MODES: readonly Mode[] = ['works', 'fails', 'hangs', 'dead', 'lies', 'short', 'does not ask', 'throws at once'];
const RIGHT: readonly Mode[] = ['works', 'does not ask'];
const numRuns = process.env['KEYFOLD_CI'] === '1' ? 500 : 80;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('opens exactly when k members answer rightly, wipes the rest, and names everyone else', async () => {
  const plans = fc.record({ modes: fc.array(fc.constantFrom(...MODES), { minLength: 2, maxLength: 6 }), k: fc.integer({ min: 2, max: 6 }) });
  await fc.assert(
    fc.asyncProperty(plans, async ({ modes, k }) => {
      const threshold = Math.min(k, modes.length);
      const members = modes.map((_, i) => member(`m${i}`));
      const keyring = quorumKeyring({ name: 'board', threshold, shares: members.map((one) => one.keyring), deadline: 5_000 });
      const wrapped = await wrapOne(keyring);
      for (const [i, one] of members.entries()) one.mode = modes[i] ?? 'works';
      const offered: Uint8Array[] = [];
      const opening = unwrapFrom(keyring, wrapped, { offered });
      const ended = opening.then(
        () => true,
        () => true,
      );
      if (modes.filter((mode) => RIGHT.includes(mode)).length >= threshold) {
        const result = await opening;
        expect(result).toEqual({ keyMaterial: DATA_KEY, wrappedKey: wrapped });
        expect(offered.filter((bytes) => bytes !== result?.keyMaterial).every(isWiped)).toBe(true);
      } else {
        // Those who are silent are given up at the deadline; nothing else waits for it.
        while (!(await Promise.race([ended, turn(false)]))) await vi.advanceTimersByTimeAsync(1_000);
        const rows = rowsOf(await failure(opening, 'unwrap-failed')).slice(1).map((row) => row.split(' ')[0]);
        const wrong = modes.flatMap((mode, i) => (RIGHT.includes(mode) ? [] : [`m${i}`]));
        // One that lied where too few came back is not known to have.
        expect(wrong.filter((name, i) => !rows.includes(name) && modes.filter((mode) => !RIGHT.includes(mode))[i] !== 'lies')).toEqual([]);
        expect(offered.every(isWiped)).toBe(true);
      }
      expect(vi.getTimerCount()).toBe(0);
      for (const one of members) one.answer();
      for (let i = 0; i < 10; i++) await turn();
      expect(members.flatMap(({ shares }) => shares).every(isWiped)).toBe(true);
    }),
    { numRuns },
  );
});
