import type { ProviderName } from '../providers.js';
import type { KeyNames, RequestFacts } from './request-facts.js';
import { matchesTarget, type RequestFilter } from './request-target.js';

/** How often one operation was asked for with the same key. */
export interface RequestCount {
  readonly provider: ProviderName;
  readonly region: string;
  readonly account: string;
  /** Of requests to Azure. */
  readonly vault?: string;
  readonly operation: string;
  /** Full names of the keys used; empty for an operation without a key. */
  readonly keys: readonly string[];
  readonly count: number;
  /** The same requests by how they ended; those still unanswered are in `count` alone. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** @internal */
export interface TallyRow {
  facts: RequestFacts;
  count: number;
  readonly outcomes: Map<string, number>;
}

/** @internal Counts without keeping the requests, so that a long run does not grow. */
export class RequestTally {
  readonly #rows = new Map<string, TallyRow>();

  arrived(facts: RequestFacts): TallyRow {
    const { provider, region, account, vault = '', operation, keys } = facts;
    const id = JSON.stringify([provider, region, account, vault, operation, ...keys.map((key) => key.name)]);
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = { facts, count: 0, outcomes: new Map() };
      this.#rows.set(id, row);
    }
    row.count += 1;
    row.facts = { ...row.facts, keys: mergeNames(row.facts.keys, keys) };
    return row;
  }

  count(filter: RequestFilter): number {
    return this.#matching(filter)
      .map((row) => (filter.outcome === undefined ? row.count : (row.outcomes.get(filter.outcome) ?? 0)))
      .reduce((sum, count) => sum + count, 0);
  }

  counts(filter: RequestFilter): RequestCount[] {
    return this.#matching(filter).map(({ facts, count, outcomes }) => ({
      provider: facts.provider,
      region: facts.region,
      account: facts.account,
      ...(facts.vault === undefined ? {} : { vault: facts.vault }),
      operation: facts.operation,
      keys: facts.keys.map(({ name }) => name),
      count,
      outcomes: Object.fromEntries(outcomes),
    }));
  }

  #matching(filter: RequestFilter): TallyRow[] {
    return [...this.#rows.values()].filter((row) => {
      const { outcome } = filter;
      return matchesTarget(filter, row.facts) && (outcome === undefined || row.outcomes.has(outcome));
    });
  }
}

/** The same keys, with the names that either request knew them by. */
function mergeNames(known: readonly KeyNames[], seen: readonly KeyNames[]): KeyNames[] {
  return known.map((key, index) => ({
    name: key.name,
    otherNames: [...new Set([...key.otherNames, ...(seen[index]?.otherNames ?? [])])],
  }));
}
