import { invalidArgument } from '@keyfold/core/keyring';
import type { Kek } from '@keyfold/core/keyring';
import type { Domains } from './domains/domains.js';
import type { DrillOptions } from './drill-options.js';
import type { NamedScenario } from './scenarios/scenario.js';
import { assertSelectors, isLostWith, parseSelectors } from './scenarios/selector.js';
import type { LossSelector } from './scenarios/selector.js';

/**
 * What to drill, as data that a file can hold. Selectors are texts as `parseSelectors` reads them, or objects.
 *
 * - `scenarios`: `{ "name": "Frankfurt burns", "lost": "region:eu-central-1 region:europe-west3" }`
 * - `domains`: `{ "keys": "provider:local-raw", "are": { "site": "Zug" } }` adds to what key ids tell, the later over the earlier
 * - `replicas` and `require`: as the options of `drill`
 */
export interface DrillPlan {
  readonly scenarios?: readonly { readonly name: string; readonly lost: PlannedSelectors }[];
  readonly domains?: readonly { readonly keys: PlannedSelectors; readonly are: Domains }[];
  readonly replicas?: Readonly<Record<string, readonly string[]>>;
  readonly require?: readonly string[];
}

type PlannedSelectors = string | readonly LossSelector[];

const FIELDS = ['scenarios', 'domains', 'replicas', 'require'];

/**
 * The options of `drill` that a plan stands for. It may come from a file: what is not a plan is refused, and so is a
 * misspelt field.
 *
 * @param argument - how errors call the plan, such as its file's name
 * @throws `invalid-argument`
 * @example
 * ```ts
 * import { drill, readPlan } from '@keyfold/recovery';
 *
 * const plan = { scenarios: [{ name: 'Frankfurt burns', lost: 'region:eu-central-1' }], require: ['Frankfurt burns'] };
 * const { verdict } = await drill([], readPlan(plan));
 * ```
 */
export function readPlan(plan: unknown, argument = 'plan'): Pick<DrillOptions, 'scenarios' | 'domainOf' | 'replicas' | 'require'> {
  const fields = objectOf(plan, argument);
  for (const name of Object.keys(fields)) {
    if (!FIELDS.includes(name)) throw invalidArgument(`${argument}: ${name}`, `there is no such field; a plan has ${FIELDS.join(', ')}.`);
  }
  const { scenarios, domains, replicas, require } = fields;
  return {
    ...(scenarios === undefined ? {} : { scenarios: listOf(scenarios, `${argument}: scenarios`).map(readScenario) }),
    ...(domains === undefined ? {} : { domainOf: domainsBy(listOf(domains, `${argument}: domains`).map(readRule)) }),
    ...(replicas === undefined ? {} : { replicas: readReplicas(replicas, `${argument}: replicas`) }),
    ...(require === undefined ? {} : { require: texts(require, `${argument}: require`) }),
  };
}

interface Rule {
  readonly keys: readonly LossSelector[];
  readonly are: Domains;
}

function domainsBy(rules: readonly Rule[]): (kek: Kek, derived: Domains) => Domains {
  return (kek, derived) =>
    rules
      .filter(({ keys }) => isLostWith({ ...kek, domains: derived }, keys))
      .reduce<Domains>((domains, { are }) => ({ ...domains, ...are }), derived);
}

function readScenario({ value, argument }: Item): NamedScenario {
  const { name, lost } = objectOf(value, argument);
  if (typeof name !== 'string') throw invalidArgument(`${argument}.name`, 'give the scenario a name.');
  return { name, lost: selectors(lost, `${argument}.lost`) };
}

function readRule({ value, argument }: Item): Rule {
  const { keys, are } = objectOf(value, argument);
  return { keys: selectors(keys, `${argument}.keys`), are: objectOf(are, `${argument}.are`) as Domains };
}

function readReplicas(value: unknown, argument: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(objectOf(value, argument)).map(([key, regions]) => [key, texts(regions, `${argument}.${key}`)]));
}

function selectors(value: unknown, argument: string): readonly LossSelector[] {
  if (typeof value === 'string') return parseSelectors(value, argument);
  assertSelectors(value as readonly LossSelector[], argument);
  return value as readonly LossSelector[];
}

interface Item {
  readonly value: unknown;
  readonly argument: string;
}

function listOf(value: unknown, argument: string): readonly Item[] {
  if (!Array.isArray(value)) throw invalidArgument(argument, 'this has to be an array.');
  return (value as readonly unknown[]).map((item, i) => ({ value: item, argument: `${argument}[${i}]` }));
}

function texts(value: unknown, argument: string): readonly string[] {
  const items = listOf(value, argument).map((item) => item.value);
  if (items.every((item) => typeof item === 'string')) return items;
  throw invalidArgument(argument, 'this has to be an array of texts.');
}

function objectOf(value: unknown, argument: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw invalidArgument(argument, 'this has to be an object.');
}
