import { invalidArgument } from '@keyfold/core/keyring';
import type { ScenarioResult } from '../survey/evaluate.js';

/** What one requirement came to. */
export interface RequirementResult {
  readonly require: string;
  readonly holds: boolean;
  /** Envelopes that are lost in the worst scenario. */
  readonly lost: number;
  /** Names of the scenarios in which it does not hold, the worst first: up to 20. */
  readonly failing: readonly string[];
  /** Why it does not hold, as one sentence. Absent when it does. */
  readonly reason?: string;
}

/** What requirements are judged by. */
export interface Evidence {
  readonly scenarios: readonly ScenarioResult[];
  /** The kinds of failure domain that some KEK has. */
  readonly kinds: readonly string[];
  readonly pairsLeftOut: readonly string[];
  readonly pairs: boolean;
  readonly pending: number;
}

export const NOTHING_PENDING = 'nothing-pending';
const MAX_NAMES = 20;

/**
 * Whether a requirement holds. What cannot be answered does not hold: a kind of failure domain that no key is known to have,
 * or a named scenario in which nothing would be lost, says nothing about an envelope.
 */
export function judge(requirement: string, evidence: Evidence): RequirementResult {
  const refuse = (reason: string): RequirementResult => ({ require: requirement, holds: false, lost: 0, failing: [], reason });
  if (requirement === NOTHING_PENDING) {
    if (evidence.pending === 0) return { require: requirement, holds: true, lost: 0, failing: [] };
    return refuse(`${counted(evidence.pending, 'envelope waits', 'envelopes wait')} for repair.`);
  }
  const { kind, size } = parseAny(requirement);
  if (kind === undefined) {
    const named = evidence.scenarios.find((scenario) => scenario.kind === 'named' && scenario.name === requirement);
    if (named === undefined) return refuse('There is no scenario of this name.');
    if (named.keys === 0) return refuse('No key of the envelopes is lost in it, so it says nothing. Check how it names them.');
    return judgeAll(requirement, [named]);
  }
  if (!evidence.kinds.includes(kind)) return refuse(`Of no key is it known which ${kind} it is in, so this cannot be answered. State it.`);
  if (size === 2 && !evidence.pairs) return refuse('Pairs were not looked at in this drill.');
  if (size === 2 && evidence.pairsLeftOut.includes(kind)) return refuse(`There are too many pairs of the kind ${kind} to look at. Drill fewer envelopes at a time.`);
  return judgeAll(requirement, evidence.scenarios.filter((scenario) => scenario.kind === kind && scenario.size >= 1 && scenario.size <= size));
}

/** `any-region` and `any-two-regions`; no kind for anything else. */
export function parseAny(requirement: string): { readonly kind?: string; readonly size: 1 | 2 } {
  const two = /^any-two-(.+)s$/.exec(requirement)?.[1];
  if (two !== undefined) return { kind: two, size: 2 };
  const one = /^any-(.+)$/.exec(requirement)?.[1];
  return one === undefined ? { size: 1 } : { kind: one, size: 1 };
}

/** Refuses, before anything is read, what could never hold because it is misspelt. Throws `invalid-argument`. */
export function assertRequirements(requirements: readonly string[], names: readonly string[]): void {
  const given: unknown = requirements;
  if (!Array.isArray(given) || given.length === 0) throw invalidArgument('options.require', "pass an array such as ['any-key', 'any-region'].");
  for (const requirement of given as readonly unknown[]) {
    const isKnown =
      typeof requirement === 'string' && (requirement === NOTHING_PENDING || names.includes(requirement) || parseAny(requirement).kind !== undefined);
    if (isKnown) continue;
    const known = ['any-key', 'any-two-keys', 'any-region', 'any-account', 'any-provider', NOTHING_PENDING, ...names].join(', ');
    throw invalidArgument('options.require', `there is no requirement ${JSON.stringify(requirement)}; take one of ${known}.`);
  }
}

function judgeAll(require: string, scenarios: readonly ScenarioResult[]): RequirementResult {
  const failing = scenarios.filter(({ gone }) => gone.count > 0).sort((a, b) => b.gone.count - a.gone.count);
  const [worst] = failing;
  if (worst === undefined) return { require, holds: true, lost: 0, failing: [] };
  const others = failing.length === 1 ? '' : `, and ${counted(failing.length - 1, 'other loss does', 'other losses do')} harm too`;
  const what = counted(worst.gone.count, 'envelope is', 'envelopes are');
  return {
    require,
    holds: false,
    lost: worst.gone.count,
    failing: failing.slice(0, MAX_NAMES).map(({ name }) => name),
    reason: `${what} lost with ${describeLoss(worst)}${others}.`,
  };
}

/** A loss in a sentence. */
export function describeLoss({ name, kind }: ScenarioResult): string {
  return kind === 'named' ? `“${name}”` : name;
}

export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
