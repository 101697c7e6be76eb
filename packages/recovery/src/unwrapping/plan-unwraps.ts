import type { KnownKek } from '../domains/key-directory.js';
import type { Evaluation } from '../survey/evaluate.js';
import { fateOf } from '../survey/survey.js';
import type { Group } from '../survey/survey.js';
import type { Scenario } from '../scenarios/scenario.js';

/** One way in which an envelope is to be opened, and the scenarios that come to it. */
export interface PlannedUnwrap {
  readonly lost: ReadonlySet<KnownKek>;
  readonly scenarios: readonly Scenario[];
}

/**
 * The ways in which envelopes of a group are to be opened: one for each different remainder of their keys, however many
 * scenarios leave the same one. A remainder that opens nothing, by what the headers say, is left out.
 */
export class UnwrapPlans {
  readonly #scenarios: readonly { readonly scenario: Scenario; readonly lost: ReadonlySet<KnownKek> }[];
  readonly #plans = new Map<Group, readonly PlannedUnwrap[]>();

  constructor(scenarios: readonly Scenario[], evaluation: Evaluation) {
    this.#scenarios = scenarios.map((scenario) => ({ scenario, lost: evaluation.lostIn(scenario) }));
  }

  of(group: Group): readonly PlannedUnwrap[] {
    const known = this.#plans.get(group);
    if (known !== undefined) return known;
    const byRemainder = new Map<string, { readonly lost: ReadonlySet<KnownKek>; readonly scenarios: Scenario[] }>();
    for (const { scenario, lost } of this.#scenarios) {
      const name = group.keks.map((kek) => (lost.has(kek) ? '0' : '1')).join('');
      const planned = byRemainder.get(name);
      if (planned !== undefined) planned.scenarios.push(scenario);
      else if (fateOf(group, (kek) => lost.has(kek)) !== 'lost') byRemainder.set(name, { lost, scenarios: [scenario] });
    }
    const plan = [...byRemainder.values()];
    this.#plans.set(group, plan);
    return plan;
  }
}
