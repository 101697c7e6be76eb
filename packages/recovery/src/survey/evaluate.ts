import { valuesOf } from '../domains/domains.js';
import type { KnownKek } from '../domains/key-directory.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isLostWith } from '../scenarios/selector.js';
import type { LossSelector } from '../scenarios/selector.js';
import { fateOf } from './survey.js';
import type { Envelopes, Fate, Group } from './survey.js';

/** What a scenario does to the envelopes, as far as their headers tell. */
export interface ScenarioResult extends Scenario {
  /** KEKs that are lost. */
  readonly keys: number;
  /** Envelopes with a wrapped key of one of them. */
  readonly affected: number;
  /** Envelopes that can still be opened. */
  readonly opens: number;
  /** Those of them that hang on one last key: there is a KEK without which nothing opens them. */
  readonly lastKey: Envelopes;
  /** Envelopes that nothing opens any more. */
  readonly gone: Envelopes;
}

/** Finds out what scenarios do to groups of envelopes, looking only at groups that a scenario touches. */
export class Evaluation {
  readonly #groups: readonly Group[];
  readonly #maximumIds: number;
  readonly #groupsOf = new Map<KnownKek, Group[]>();
  readonly #keksWith = new Map<string, KnownKek[]>();
  readonly #fates: ReadonlyMap<Group, Fate>;
  readonly #envelopes: number;
  readonly #onLastKey: readonly Group[];

  constructor(groups: Iterable<Group>, keks: readonly KnownKek[], maximumIds: number) {
    this.#groups = [...groups];
    this.#maximumIds = maximumIds;
    for (const group of this.#groups) for (const kek of group.keks) append(this.#groupsOf, kek, group);
    for (const kek of keks) {
      append(this.#keksWith, labelOf('keyId', kek.keyId), kek);
      for (const kind of Object.keys(kek.domains)) {
        for (const value of valuesOf(kek.domains, kind)) append(this.#keksWith, labelOf(kind, value), kek);
      }
    }
    this.#fates = new Map(this.#groups.map((group) => [group, fateOf(group, () => false)]));
    this.#onLastKey = this.#groups.filter((group) => this.#fates.get(group) === 'last-key');
    this.#envelopes = countOf(this.#groups);
  }

  /** The KEKs that a scenario takes away. */
  lostIn({ lost }: Scenario): ReadonlySet<KnownKek> {
    const candidates = new Set(lost.flatMap((selector) => this.#candidates(selector)));
    return new Set([...candidates].filter((kek) => isLostWith(kek, lost)));
  }

  resultOf(scenario: Scenario): ScenarioResult {
    const lost = this.lostIn(scenario);
    const touched = new Set([...lost].flatMap((kek) => this.#groupsOf.get(kek) ?? []));
    const gone: Group[] = [];
    const onLastKey: Group[] = [];
    for (const group of touched) {
      const fate = fateOf(group, (kek) => lost.has(kek));
      if (fate === 'lost') gone.push(group);
      else if (fate === 'last-key') onLastKey.push(group);
    }
    onLastKey.push(...this.#onLastKey.filter((group) => !touched.has(group)));
    return {
      ...scenario,
      keys: lost.size,
      affected: countOf([...touched]),
      opens: this.#envelopes - countOf(gone),
      lastKey: this.#envelopesOf(onLastKey),
      gone: this.#envelopesOf(gone),
    };
  }

  #candidates(selector: LossSelector): readonly KnownKek[] {
    // A key id names the fewest.
    const [kind, value] = 'keyId' in selector ? (['keyId', selector['keyId']] as const) : (Object.entries(selector)[0] ?? []);
    return this.#keksWith.get(labelOf(kind ?? '', value ?? '')) ?? [];
  }

  #envelopesOf(groups: readonly Group[]): Envelopes {
    const ids: string[] = [];
    for (const group of groups) {
      if (ids.length >= this.#maximumIds) break;
      ids.push(...group.ids.slice(0, this.#maximumIds - ids.length));
    }
    return { count: countOf(groups), ids };
  }
}

function countOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function labelOf(kind: string, value: string): string {
  return `${kind} ${value}`;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
