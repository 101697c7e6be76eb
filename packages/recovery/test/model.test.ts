import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamedHeader } from '@keyfold/core';
import type { WrappedKey } from '@keyfold/core/keyring';
import { drill } from '../src/index.js';
import type { DrilledScenario } from '../src/index.js';
import { header, pending, quorum, wrapped } from './support/headers.js';

/** A KEK as this test knows it, which is not found out by taking its id apart. */
interface Kek {
  readonly provider: string;
  readonly keyId: string;
  readonly region?: string;
  readonly account?: string;
}

const aws = (region: string, account: string, id: string): Kek => ({ provider: 'aws-kms', keyId: `arn:aws:kms:${region}:${account}:key/${id}`, region, account });
const google = (project: string, location: string): Kek => ({
  provider: 'gcp-kms',
  keyId: `projects/${project}/locations/${location}/keyRings/r/cryptoKeys/k`,
  region: location,
  account: project,
});
const UNIVERSE: readonly Kek[] = [
  aws('eu-west-1', '111', 'a'),
  aws('eu-west-1', '111', 'b'),
  aws('eu-west-1', '222', 'a'),
  aws('eu-north-1', '222', 'a'),
  google('acme', 'europe-west3'),
  google('other', 'europe-west3'),
  { provider: 'azure-keyvault', keyId: 'https://acme.vault.azure.net/keys/k', account: 'acme.vault.azure.net' },
  { provider: 'local-raw', keyId: 'safe' },
];

/** A way into an envelope. */
type Way = { readonly kek: Kek; readonly version: string } | { readonly kek: Kek; readonly pending: true } | { readonly threshold: number; readonly shares: readonly (readonly Kek[])[] };

const kek = fc.constantFrom(...UNIVERSE);
const leaf = fc.record({ kek, version: fc.constantFrom('', '1', '2') });
const waiting = fc.record({ kek, pending: fc.constant(true as const) });
const share = fc.uniqueArray(kek, { minLength: 1, maxLength: 2 });
const board = fc
  .array(share, { minLength: 2, maxLength: 4 })
  // No KEK stands in a header twice, those of shares included.
  .map((shares) => shares.map((keks, i) => keks.filter((key) => !shares.slice(0, i).flat().includes(key))).filter((keks) => keks.length > 0))
  .filter((shares) => shares.length >= 2)
  .chain((shares) => fc.record({ threshold: fc.integer({ min: 2, max: shares.length }), shares: fc.constant(shares) }));
const ways: fc.Arbitrary<readonly Way[]> = fc
  .tuple(fc.option(board, { nil: undefined }), fc.array(leaf, { maxLength: 4 }), fc.array(waiting, { maxLength: 2 }))
  .map(([one, leaves, waits]) => {
    const taken = new Set<string>(one?.shares.flat().map(({ keyId }) => keyId));
    const free = (name: string): boolean => {
      const isFree = !taken.has(name);
      taken.add(name);
      return isFree;
    };
    const own = leaves.filter((way) => !one?.shares.flat().includes(way.kek) && free(`${way.kek.keyId} ${way.version}`));
    const wanted = waits.filter(({ kek: { keyId } }) => !own.some((way) => way.kek.keyId === keyId) && free(keyId));
    return [...(one === undefined ? [] : [one]), ...own, ...wanted] as readonly Way[];
  })
  .filter((all) => all.some((way) => !('pending' in way)));

function toWrapped(way: Way): WrappedKey {
  if ('shares' in way) return quorum('board', way.threshold, way.shares.map((keks) => keks.map(({ provider, keyId }) => wrapped(provider, keyId))));
  const { provider, keyId } = way.kek;
  return 'pending' in way ? pending(provider, keyId) : wrapped(provider, keyId, way.version);
}

/** The model: an envelope opens if some way does. */
function opens(envelope: readonly Way[], isLost: (kek: Kek) => boolean): boolean {
  return envelope.some((way) => {
    if ('shares' in way) return way.shares.filter((keks) => keks.some((key) => !isLost(key))).length >= way.threshold;
    return !('pending' in way) && !isLost(way.kek);
  });
}

function usable(envelope: readonly Way[]): readonly Kek[] {
  return envelope.flatMap((way) => ('shares' in way ? way.shares.flat() : 'pending' in way ? [] : [way.kek]));
}

function isLostIn({ lost }: DrilledScenario, key: Kek): boolean {
  return lost.some((selector) => Object.entries(selector).every(([kind, value]) => key[kind as keyof Kek] === value));
}

const RUNS = process.env['KEYFOLD_CI'] === '1' ? 300 : 60;

describe('for random headers', () => {
  it('every number is that of a model which tries each loss on each envelope', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: 1, maxLength: 12 }), async (envelopes) => {
        const headers: NamedHeader[] = await Promise.all(envelopes.map(async (envelope, i) => await header(String(i), ...envelope.map(toWrapped))));
        const named = { name: 'site', lost: [{ region: 'eu-west-1', account: '111' }, { provider: 'local-raw' }] };
        const report = await drill(headers, { scenarios: [named] });
        expect(report.envelopes).toBe(envelopes.length);
        expect(report.pending.count).toBe(envelopes.filter((envelope) => envelope.some((way) => 'pending' in way)).length);
        for (const scenario of report.scenarios) {
          const isLost = (key: Kek): boolean => isLostIn(scenario, key);
          const gone = envelopes.flatMap((envelope, i) => (opens(envelope, isLost) ? [] : [String(i)]));
          const lastKey = envelopes.flatMap((envelope, i) => {
            const isOnLast = UNIVERSE.some((last) => !opens(envelope, (key) => key === last || isLost(key)));
            return opens(envelope, isLost) && isOnLast ? [String(i)] : [];
          });
          const affected = envelopes.filter((envelope) => usable(envelope).some(isLost)).length;
          expect({ ...scenario, gone: { count: scenario.gone.count, ids: [...scenario.gone.ids].sort() }, lastKey: { count: scenario.lastKey.count, ids: [...scenario.lastKey.ids].sort() } }).toMatchObject({
            affected,
            opens: envelopes.length - gone.length,
            gone: { count: gone.length, ids: gone.sort() },
            lastKey: { count: lastKey.length, ids: lastKey.sort() },
          });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('no domain, no KEK and no pair that matters is missing among the scenarios', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ways, { minLength: 1, maxLength: 8 }), async (envelopes) => {
        const { scenarios } = await drill(await Promise.all(envelopes.map(async (envelope, i) => await header(String(i), ...envelope.map(toWrapped)))));
        const keks = [...new Set(envelopes.flatMap(usable))];
        for (const kind of ['provider', 'account', 'region', 'keyId'] as const) {
          const values = [...new Set(keks.map((key) => key[kind]))].filter((value) => value !== undefined);
          const name = kind === 'keyId' ? 'key' : kind;
          expect(scenarios.filter((scenario) => scenario.kind === name && scenario.size === 1)).toHaveLength(values.length);
          const pairs = scenarios.filter((scenario) => scenario.kind === name && scenario.size === 2);
          const isOf = (key: Kek, value: string): boolean => key[kind] === value;
          for (const [i, a] of values.entries()) {
            for (const b of values.slice(i + 1)) {
              const losesMore = envelopes.some((envelope) => {
                const without = (...lost: string[]): boolean => opens(envelope, (key) => lost.some((value) => isOf(key, value)));
                return without(a) && without(b) && !without(a, b);
              });
              const isThere = pairs.some(({ lost }) => [a, b].every((value) => lost.some((selector) => selector[kind] === value)));
              if (losesMore) expect(isThere).toBe(true);
            }
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
