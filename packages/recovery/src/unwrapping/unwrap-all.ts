import { isKeyfoldError } from '@keyfold/core';
import type { ContextInput, EnvelopeInfo, Keyring, Limits } from '@keyfold/core';
import { invalidArgument, throwIfAborted } from '@keyfold/core/keyring';
import { keySetOf } from '../survey/key-set.js';
import { readHeaders } from '../survey/survey.js';
import type { DrillHeader, Group, Survey } from '../survey/survey.js';
import type { Scenario } from '../scenarios/scenario.js';
import { blocking } from './blocking.js';
import { openHeader } from './open-header.js';
import type { PlannedUnwrap, UnwrapPlans } from './plan-unwraps.js';
import { Sampler } from './sampler.js';
import { describeError, UnwrapCounter } from './unwrap-report.js';
import type { UnwrapReport } from './unwrap-report.js';

/** How envelopes are really opened. */
export interface UnwrapOptions {
  /** Everything that a recovery would have: a multi-keyring of all members, say. It is only asked to unwrap. */
  readonly keyring: Keyring;
  /** Of envelopes with the same keys, how many are opened, chosen at random; or `all`. Default 5. */
  readonly sample?: number | 'all';
  /**
   * The context to expect, and the values of external keys: the same for all, or found for each by its id. Default
   * `'unchecked'`: a drill asks whether keys work, whatever the envelopes are for.
   */
  readonly context?: ContextInput | 'unchecked' | ((id: string) => ContextInput | 'unchecked');
  /** Envelopes that are opened at a time: 1 to 256. Default 4. */
  readonly concurrency?: number;
}

/** The work of really opening envelopes. */
export interface UnwrapJob {
  readonly headers: AsyncIterable<DrillHeader> | Iterable<DrillHeader>;
  readonly survey: Survey;
  readonly plans: UnwrapPlans;
  readonly options: UnwrapOptions;
  readonly limits: Partial<Limits> | undefined;
  readonly signal: AbortSignal;
  /** Told after each envelope, read or opened. */
  readonly onEnvelope: () => void;
  readonly maximumIds: number;
}

/** What was opened, in each scenario; and how many envelopes were tried, and failed in some scenario. */
export interface UnwrapResults {
  readonly reports: ReadonlyMap<Scenario, UnwrapReport>;
  readonly tried: number;
  readonly failed: number;
}

/** Opens envelopes in every scenario in which their headers say that they open. Throws `aborted`, `invalid-argument`. */
export async function unwrapAll(job: UnwrapJob): Promise<UnwrapResults> {
  const { options, survey, signal } = job;
  const counters = new Map<Scenario, UnwrapCounter>();
  const sampler = new Sampler(options.sample === 'all' ? Infinity : (options.sample ?? 5));
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const source = readHeaders(job.headers, job.limits, either);
  let seen = 0;
  let tried = 0;
  let failed = 0;
  const worker = async (): Promise<void> => {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const item = next.value;
      seen++;
      job.onEnvelope();
      if ('error' in item) continue;
      const group = groupOf(item, survey);
      if (group === undefined || !sampler.takes(group)) continue;
      tried++;
      const header = item.header.subarray(0, item.length);
      if (!(await openInAllWays({ id: item.id, header }, job.plans.of(group), { ...job, signal: either }, counters))) failed++;
    }
  };
  const workers = Array.from({ length: options.concurrency ?? 4 }, async () => {
    try {
      await worker();
    } catch (error) {
      abort.abort();
      throw error;
    }
  });
  const results = await Promise.allSettled(workers);
  throwIfAborted(signal);
  const rejected = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
  if (rejected.length > 0) throw rejected.find((reason) => !isKeyfoldError(reason, 'aborted')) ?? rejected[0];
  if (seen === 0 && survey.envelopes > 0) {
    throw invalidArgument('headers', 'they could be iterated over only once, and to unwrap takes twice: pass an array, or an object whose [Symbol.asyncIterator] starts anew.');
  }
  return { reports: new Map([...counters].map(([scenario, counter]) => [scenario, counter.report()])), tried, failed };
}

function groupOf({ wrappedKeys }: Pick<EnvelopeInfo, 'wrappedKeys'>, survey: Survey): Group | undefined {
  return survey.groups.get(keySetOf(wrappedKeys, survey.directory).name);
}

/** Whether it opened in every way that was planned. */
async function openInAllWays(
  { id, header }: { readonly id: string; readonly header: Uint8Array },
  plan: readonly PlannedUnwrap[],
  { options, survey, limits, signal, maximumIds }: UnwrapJob,
  counters: Map<Scenario, UnwrapCounter>,
): Promise<boolean> {
  const context = typeof options.context === 'function' ? options.context(id) : (options.context ?? 'unchecked');
  const counterOf = (scenario: Scenario): UnwrapCounter => {
    const counter = counters.get(scenario) ?? new UnwrapCounter(maximumIds);
    counters.set(scenario, counter);
    return counter;
  };
  let allOpened = true;
  for (const { lost, scenarios } of plan) {
    throwIfAborted(signal);
    const keyring = blocking(options.keyring, (kek) => lost.has(survey.directory.get(kek)));
    try {
      const kek = await openHeader(header, { keyring, context, signal, ...(limits === undefined ? {} : { limits }) });
      for (const scenario of scenarios) counterOf(scenario).opened(kek);
    } catch (error) {
      if (isKeyfoldError(error, 'aborted')) throw error;
      allOpened = false;
      for (const scenario of scenarios) counterOf(scenario).failed({ id, ...describeError(error) });
    }
  }
  return allOpened;
}
