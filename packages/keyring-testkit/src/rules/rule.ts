import type { Awaitable } from '@keyfold/core/keyring';
import type { Bench, Plan } from '../bench/bench.js';

/** One rule of the contract, as a test. */
export interface Rule {
  /** What the contract wants, as a sentence about the keyring. */
  readonly title: string;
  /** Throws when the keyring breaks the rule. */
  readonly check: (bench: Bench) => Awaitable<void>;
}

/** Rules about one thing. Which of them apply, the plan alone decides. */
export interface RuleGroup {
  readonly title: string;
  readonly rules: (plan: Plan) => readonly Rule[];
}

/** Rules that apply only under a condition that the plan decides. */
export function when(condition: boolean, rules: () => readonly Rule[]): readonly Rule[] {
  return condition ? rules() : [];
}
