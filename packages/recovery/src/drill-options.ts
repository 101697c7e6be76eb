import type { Limits } from '@keyfold/core';
import { invalidArgument } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';
import type { DomainOptions } from './domains/key-directory.js';
import type { NamedScenario } from './scenarios/scenario.js';
import { assertSelectors } from './scenarios/selector.js';
import type { UnwrapOptions } from './unwrapping/unwrap-all.js';
import { assertRequirements, NOTHING_PENDING, parseAny } from './verdict/requirement.js';

/** What a drill takes. All of it may be left out. */
export interface DrillOptions extends DomainOptions {
  /** Scenarios of your own, beside those that the keys give. */
  readonly scenarios?: readonly NamedScenario[];
  /**
   * What has to hold for the verdict not to be red: `any-key`, `any-region`, `any-account`, `any-provider`, or `any-` and a
   * kind of your own, that any one of these may be lost and every envelope still opens; `any-two-regions` and so on, that any
   * two of the kind may; the name of a scenario of your own; `nothing-pending`. Default: any one of each kind that the keys
   * are known to have.
   */
  readonly require?: readonly string[];
  /** Whether pairs of one kind are looked at. Default `true`. */
  readonly pairs?: boolean;
  /** Really open envelopes too. The headers are read twice then. Default: only headers are looked at, and no key is touched. */
  readonly unwrap?: UnwrapOptions;
  /** Ids that one list of the report holds, at most: 0 to 10,000. Default 100. */
  readonly maximumIds?: number;
  /** Caps of policy on the headers. */
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
  /** Told after each envelope. */
  readonly onProgress?: (progress: DrillProgress) => void;
}

/** How far a drill is. */
export interface DrillProgress {
  readonly phase: 'reading' | 'unwrapping';
  /** Envelopes that this phase is done with. */
  readonly envelopes: number;
  /** Envelopes in all, once it is known. */
  readonly totalEnvelopes?: number;
}

/** `DrillOptions` with defaults filled in. */
export interface ResolvedDrillOptions extends DrillOptions {
  readonly scenarios: readonly NamedScenario[];
  readonly pairs: boolean;
  readonly maximumIds: number;
  readonly signal: AbortSignal;
}

/** Refuses what makes no sense, before anything is read. Throws `invalid-argument`. */
export function resolveDrillOptions(options: DrillOptions): ResolvedDrillOptions {
  const scenarios = assertNamed(options.scenarios ?? []);
  if (options.require !== undefined) assertRequirements(options.require, scenarios.map(({ name }) => name));
  if (options.unwrap !== undefined) assertUnwrap(options.unwrap);
  return {
    ...options,
    scenarios,
    pairs: options.pairs ?? true,
    maximumIds: assertInteger(options.maximumIds ?? 100, 0, 10_000, 'options.maximumIds'),
    signal: options.signal ?? new AbortController().signal,
  };
}

function assertNamed(scenarios: readonly NamedScenario[]): readonly NamedScenario[] {
  const names = new Set<string>();
  for (const [i, { name, lost }] of scenarios.entries()) {
    const argument = `options.scenarios[${i}]`;
    if (typeof name !== 'string' || name === '') throw invalidArgument(`${argument}.name`, "give it a name, such as 'Frankfurt burns'.");
    if (names.has(name)) throw invalidArgument(`${argument}.name`, `there are two scenarios called ${JSON.stringify(name)}; give each a name of its own.`);
    if (name === NOTHING_PENDING || parseAny(name).kind !== undefined) {
      throw invalidArgument(`${argument}.name`, `${JSON.stringify(name)} is the name of a requirement; choose another.`);
    }
    names.add(name);
    assertSelectors(lost, `${argument}.lost`);
  }
  return scenarios;
}

function assertUnwrap({ keyring, sample, concurrency }: UnwrapOptions): void {
  if (typeof (keyring as Partial<Keyring> | undefined)?.unwrap !== 'function') {
    throw invalidArgument('options.unwrap.keyring', 'pass a keyring with everything that a recovery would have.');
  }
  if (sample !== undefined && sample !== 'all') assertInteger(sample, 1, Number.MAX_SAFE_INTEGER, 'options.unwrap.sample');
  if (concurrency !== undefined) assertInteger(concurrency, 1, 256, 'options.unwrap.concurrency');
}

function assertInteger(value: number, lowest: number, highest: number, argument: string): number {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw invalidArgument(argument, `pass an integer from ${lowest} to ${highest}.`);
}
