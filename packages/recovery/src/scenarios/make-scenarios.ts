import { valuesOf } from '../domains/domains.js';
import type { KnownKek } from '../domains/key-directory.js';
import type { KeySet } from '../survey/key-set.js';
import type { NamedScenario, Scenario } from './scenario.js';
import { formatSelector } from './selector.js';
import type { LossSelector } from './selector.js';

/** The kinds that key ids tell of, and `key` for the KEK itself; others are the user's. From the largest to the smallest. */
const KNOWN_KINDS = ['provider', 'account', 'region'];

/** Pairs of one kind that are looked at. */
export const MAX_PAIRS = 5_000;

/** The scenarios of a drill, and what there was too much of. */
export interface MadeScenarios {
  readonly scenarios: readonly Scenario[];
  /** The kinds of failure domain that KEKs have, `key` included. */
  readonly kinds: readonly string[];
  /** Kinds of which there are too many pairs. */
  readonly pairsLeftOut: readonly string[];
}

/**
 * Nothing lost; each domain of each kind, and each KEK; the pairs of one kind; and the named ones.
 *
 * Of all pairs only those that occur together in an envelope are made: any other loses what its two lose alone, no more.
 */
export function makeScenarios(keks: readonly KnownKek[], keySets: Iterable<KeySet>, named: readonly NamedScenario[], pairs: boolean): MadeScenarios {
  const kinds = kindsOf(keks);
  const ordered = [...kinds, 'key'];
  const together = pairs ? pairsOf(ordered, keySets) : new Map<string, ReadonlyMap<string, readonly LossSelector[]> | 'too many'>();
  const singles = ordered.flatMap((kind) => membersOf(kind, keks).map((member) => scenarioOf(kind, 1, [member])));
  const doubles = ordered.flatMap((kind) => {
    const found = together.get(kind);
    return found === undefined || found === 'too many' ? [] : [...found.values()].map((lost) => scenarioOf(kind, 2, lost));
  });
  return {
    scenarios: [
      { name: 'nothing is lost', kind: 'nothing', size: 0, lost: [] },
      ...named.map(({ name, lost }): Scenario => ({ name, kind: 'named', size: 0, lost })),
      ...singles,
      ...doubles,
    ],
    kinds: keks.length === 0 ? [] : ordered,
    pairsLeftOut: ordered.filter((kind) => together.get(kind) === 'too many'),
  };
}

function kindsOf(keks: readonly KnownKek[]): readonly string[] {
  const found = new Set(keks.flatMap(({ domains }) => Object.keys(domains)));
  const own = [...found].filter((kind) => !KNOWN_KINDS.includes(kind)).sort();
  return [...own, ...KNOWN_KINDS.filter((kind) => found.has(kind))];
}

function scenarioOf(kind: string, size: 1 | 2, lost: readonly LossSelector[]): Scenario {
  return { name: lost.map(formatSelector).join(' and '), kind, size, lost };
}

/** The members of one kind among the KEKs, each as what selects it, in the order of their names. */
function membersOf(kind: string, keks: readonly KnownKek[]): readonly LossSelector[] {
  if (kind === 'key') return keks.map(({ provider, keyId }) => ({ provider, keyId }));
  const values = new Set(keks.flatMap(({ domains }) => valuesOf(domains, kind)));
  return [...values].sort().map((value) => ({ [kind]: value }));
}

/** For each kind, the pairs of its members that occur together in a key set. */
function pairsOf(kinds: readonly string[], keySets: Iterable<KeySet>): Map<string, Map<string, readonly LossSelector[]> | 'too many'> {
  const all = new Map<string, Map<string, readonly LossSelector[]> | 'too many'>(kinds.map((kind) => [kind, new Map()]));
  for (const { keks } of keySets) {
    const ordered = [...keks].sort((a, b) => (a.provider + ' ' + a.keyId < b.provider + ' ' + b.keyId ? -1 : 1));
    for (const kind of kinds) {
      const pairs = all.get(kind);
      if (pairs === undefined || pairs === 'too many') continue;
      const members = membersOf(kind, ordered);
      for (const [i, a] of members.entries()) {
        for (const b of members.slice(i + 1)) pairs.set(JSON.stringify([a, b]), [a, b]);
      }
      if (pairs.size > MAX_PAIRS) all.set(kind, 'too many');
    }
  }
  return all;
}
