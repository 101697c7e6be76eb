import type { RequestFacts } from './request-facts.js';
import { RequestTally, type RequestCount, type TallyRow } from './request-tally.js';
import { matchesTarget, type RequestFilter, type RequestOutcome } from './request-target.js';
import type { FaultKind } from '../faults/fault.js';

/** One request that arrived. Holds no plaintext and no ciphertext. */
export interface RecordedRequest extends Omit<RequestFacts, 'keys'> {
  /** 1 for the first request since the start or the last reset. */
  readonly sequence: number;
  /** Arrival in simulated time, ISO 8601. */
  readonly at: string;
  /** Full names of the keys used, e.g. key ARNs. */
  readonly keys: readonly string[];
  readonly outcome: RequestOutcome;
  /** The fault that was applied, if any. */
  readonly fault?: FaultKind;
}

/** Lists keep this many of the latest requests; counts are of all. */
const LISTED = 10_000;

interface Entry {
  readonly facts: RequestFacts;
  recorded: RecordedRequest;
}

/**
 * Every request that arrived since the start or the last {@link RequestLog.reset}, answered or not.
 *
 * @example
 * ```ts
 * sim.requests.reset();
 * await open(envelope);
 * sim.requests.count({ region: 'eu-west-1', operation: 'Decrypt' }); // 1
 * ```
 */
export class RequestLog {
  readonly #now: () => number;
  #entries: Entry[] = [];
  #tally = new RequestTally();
  #sequence = 0;

  /** @param now Simulated time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many requests arrived. */
  count(filter: RequestFilter = {}): number {
    return this.#tally.count(filter);
  }

  /** Counts by provider, Region, account, operation and key. */
  counts(filter: RequestFilter = {}): RequestCount[] {
    return this.#tally.counts(filter);
  }

  /** The latest 10,000 requests in the order of their arrival. */
  list(filter: RequestFilter = {}): RecordedRequest[] {
    return this.#entries
      .filter(({ facts, recorded }) => {
        return (
          matchesTarget(filter, facts) &&
          (filter.outcome === undefined || filter.outcome === recorded.outcome)
        );
      })
      .map(({ recorded }) => ({ ...recorded }));
  }

  /** Forgets every request and sets all counts to 0. */
  reset(): void {
    this.#entries = [];
    this.#tally = new RequestTally();
    this.#sequence = 0;
  }

  /** @internal Records an arrival; the returned function records how it ended. */
  record(facts: RequestFacts): (outcome: RequestOutcome, fault: FaultKind | undefined) => void {
    const { keys, ...rest } = facts;
    this.#sequence += 1;
    const entry: Entry = {
      facts,
      recorded: {
        sequence: this.#sequence,
        at: new Date(this.#now()).toISOString(),
        ...rest,
        keys: keys.map(({ name }) => name),
        outcome: 'pending',
      },
    };
    this.#entries.push(entry);
    if (this.#entries.length > LISTED) this.#entries.shift();
    const row: TallyRow = this.#tally.arrived(facts);
    return (outcome, fault) => {
      entry.recorded = { ...entry.recorded, outcome, ...(fault === undefined ? {} : { fault }) };
      row.outcomes.set(outcome, (row.outcomes.get(outcome) ?? 0) + 1);
    };
  }
}
