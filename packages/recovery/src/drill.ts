import { throwIfAborted } from '@keyfold/core/keyring';
import type { DrillOptions, ResolvedDrillOptions } from './drill-options.js';
import { resolveDrillOptions } from './drill-options.js';
import type { DrilledKey, DrilledScenario, DrillReport } from './drill-report.js';
import { makeScenarios } from './scenarios/make-scenarios.js';
import { Evaluation } from './survey/evaluate.js';
import type { ScenarioResult } from './survey/evaluate.js';
import { readHeaders, Survey } from './survey/survey.js';
import type { DrillHeader, Envelopes } from './survey/survey.js';
import { UnwrapPlans } from './unwrapping/plan-unwraps.js';
import { unwrapAll } from './unwrapping/unwrap-all.js';
import type { UnwrapResults } from './unwrapping/unwrap-all.js';
import { describeError } from './unwrapping/unwrap-report.js';
import { assumptionsOf } from './verdict/assumptions.js';
import { verdictOf } from './verdict/verdict.js';

type Headers = AsyncIterable<DrillHeader> | Iterable<DrillHeader>;

/**
 * A recovery drill: for each loss that may happen, of a KEK, an account, a Region, a provider, any two of these, or whatever
 * you name, it tells how many envelopes can still be opened, which cannot, and which hang on one last key.
 *
 * It goes by headers alone and touches no key, unless `unwrap` asks it to really open envelopes with what is left. What
 * headers say is not authenticated until they are opened.
 *
 * Its memory depends on how many different sets of keys the envelopes have (at most 100,000), not on their number.
 *
 * @param headers - of all envelopes that matter, such as rows of a table; those that could not be loaded as
 *   `{ id, error }`, so that they are not forgotten. With `unwrap`, something that can be iterated over twice
 * @throws `invalid-argument`, `limit-exceeded`, `aborted`, and whatever the source throws. Headers that cannot be read and
 *   envelopes that do not open are no errors, but part of the report
 * @example
 * ```ts
 * import { encryptDetached } from '@keyfold/core';
 * import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
 * import { drill } from '@keyfold/recovery';
 *
 * const keyring = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
 * const { header } = await encryptDetached(new TextEncoder().encode('hello'), { keyring });
 * const { verdict } = await drill([{ id: 'row-1', header }], { require: ['any-key'] });
 * console.log(verdict.headline); // Not safe: 1 envelope is lost with key local-raw:app-2026.
 * ```
 */
export async function drill(headers: AsyncIterable<DrillHeader> | Iterable<DrillHeader>, options: DrillOptions = {}): Promise<DrillReport> {
  const resolved = resolveDrillOptions(options);
  const { signal, pairs, maximumIds } = resolved;
  throwIfAborted(signal);
  const survey = await surveyOf(headers, resolved);
  const groups = [...survey.groups.values()];
  // Not those that are only pending: nothing is lost with what opens nothing.
  const keks = survey.directory.all().filter(isIn(new Set(groups.flatMap((group) => group.keks))));
  const made = makeScenarios(keks, groups, resolved.scenarios, pairs);
  const evaluation = new Evaluation(groups, keks, maximumIds);
  const results = made.scenarios.map((scenario) => evaluation.resultOf(scenario));
  const unwrapped = await openEnvelopes(headers, { survey, evaluation, results }, resolved);
  const scenarios = results.map((result): DrilledScenario => {
    const report = unwrapped?.reports.get(result);
    return report === undefined ? result : { ...result, unwrapped: report };
  });
  const pending = pendingIn(survey, maximumIds);
  const { kinds, pairsLeftOut } = made;
  const facts = { envelopes: survey.envelopes, scenarios, kinds, pairs, pairsLeftOut };
  const opened = unwrapped === undefined ? undefined : { tried: unwrapped.tried, failed: unwrapped.failed };
  return {
    verdict: verdictOf({ ...facts, unreadable: survey.unreadableCount, pending: pending.count, opened }, options.require),
    ...facts,
    unreadable: { count: survey.unreadableCount, headers: survey.unreadable.map(({ id, error }) => ({ id, ...describeError(error) })) },
    pending,
    keys: keysOf(survey),
    ...(opened === undefined ? {} : { unwrapped: opened }),
    assumptions: assumptionsOf(keks, kinds, opened !== undefined),
  };
}

async function surveyOf(headers: Headers, { limits, signal, onProgress, maximumIds, ...domains }: ResolvedDrillOptions): Promise<Survey> {
  const survey = new Survey(domains, maximumIds);
  for await (const item of readHeaders(headers, limits, signal)) {
    if ('error' in item) survey.addUnreadable(item);
    else survey.add(item.id, item.wrappedKeys);
    onProgress?.({ phase: 'reading', envelopes: survey.envelopes + survey.unreadableCount });
  }
  return survey;
}

async function openEnvelopes(
  headers: Headers,
  found: { readonly survey: Survey; readonly evaluation: Evaluation; readonly results: readonly ScenarioResult[] },
  { unwrap, limits, signal, maximumIds, onProgress }: ResolvedDrillOptions,
): Promise<UnwrapResults | undefined> {
  if (unwrap === undefined) return undefined;
  const { survey, evaluation, results } = found;
  const totalEnvelopes = survey.envelopes + survey.unreadableCount;
  let envelopes = 0;
  const onEnvelope = (): void => onProgress?.({ phase: 'unwrapping', envelopes: ++envelopes, totalEnvelopes });
  return await unwrapAll({ headers, survey, plans: new UnwrapPlans(results, evaluation), options: unwrap, limits, signal, onEnvelope, maximumIds });
}

function pendingIn({ groups }: Survey, maximumIds: number): Envelopes {
  const waiting = [...groups.values()].filter(({ pending }) => pending.length > 0);
  const count = waiting.reduce((sum, group) => sum + group.count, 0);
  return { count, ids: waiting.flatMap(({ ids }) => ids).slice(0, maximumIds) };
}

function keysOf({ directory, groups }: Survey): readonly DrilledKey[] {
  const envelopes = new Map<object, number>();
  const pending = new Map<object, number>();
  for (const group of groups.values()) {
    for (const kek of group.keks) envelopes.set(kek, (envelopes.get(kek) ?? 0) + group.count);
    for (const kek of group.pending) pending.set(kek, (pending.get(kek) ?? 0) + group.count);
  }
  return directory.all().map((kek) => {
    const { provider, keyId, domains } = kek;
    return { provider, keyId, domains, envelopes: envelopes.get(kek) ?? 0, pending: pending.get(kek) ?? 0 };
  });
}

function isIn<T>(set: ReadonlySet<T>): (value: T) => boolean {
  return (value) => set.has(value);
}
