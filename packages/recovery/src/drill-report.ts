import type { Kek } from '@keyfold/core/keyring';
import type { Domains } from './domains/domains.js';
import type { ScenarioResult } from './survey/evaluate.js';
import type { Envelopes } from './survey/survey.js';
import type { UnwrapReport } from './unwrapping/unwrap-report.js';
import type { Verdict } from './verdict/verdict.js';

/** A scenario, what headers say of it, and what came of really opening envelopes. */
export interface DrilledScenario extends ScenarioResult {
  /** Where envelopes were really opened. */
  readonly unwrapped?: UnwrapReport;
}

/** A KEK, what it fails together with, and how much depends on it. All its versions are one. */
export interface DrilledKey extends Kek {
  readonly domains: Domains;
  /** Envelopes that it helps to open. */
  readonly envelopes: number;
  /** Envelopes that want it and do not have it yet. */
  readonly pending: number;
}

/** What a drill found out: data, which can be kept as JSON. */
export interface DrillReport {
  readonly verdict: Verdict;
  /** Envelopes whose header could be read. */
  readonly envelopes: number;
  readonly unreadable: { readonly count: number; readonly headers: readonly { readonly id: string; readonly code: string; readonly message: string }[] };
  /** Envelopes that wait for repair: a KEK was out of reach when they were written. A pending wrapped key opens nothing. */
  readonly pending: Envelopes;
  /** In the order of provider and key id. */
  readonly keys: readonly DrilledKey[];
  /** Nothing lost, then those of your own, then each domain and key, then pairs. */
  readonly scenarios: readonly DrilledScenario[];
  /** The kinds of failure domain that some key is known to have, `key` among them. */
  readonly kinds: readonly string[];
  /** Whether pairs were looked at. Those that no envelope has together are not listed: they take what their two take alone. */
  readonly pairs: boolean;
  /** Kinds of which there are too many pairs to look at. */
  readonly pairsLeftOut: readonly string[];
  /** Envelopes that were really opened, if any were to be; and those that failed in some scenario. */
  readonly unwrapped?: { readonly tried: number; readonly failed: number };
  /** What the answer rests on, in sentences. */
  readonly assumptions: readonly string[];
}
