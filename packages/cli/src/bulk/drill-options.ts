import { parseSelectors, readPlan } from '@keyfold/recovery';
import type { DrillOptions, NamedScenario } from '@keyfold/recovery';
import { readFile } from 'node:fs/promises';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';

/** What the command line says about the drill itself. */
export interface DrillPlanOptions {
  readonly lose?: readonly string[];
  readonly mustSurvive?: readonly string[];
  readonly failOnPending?: boolean;
  readonly plan?: string;
  readonly pairs?: boolean;
}

export type PlannedDrill = Pick<DrillOptions, 'scenarios' | 'domainOf' | 'replicas' | 'require' | 'pairs'>;

/** The drill that a plan and the options beside it stand for; the options add to the plan. Throws `invalid-argument`, `file-failed`. */
export async function plannedDrill({ lose = [], mustSurvive = [], failOnPending, plan, pairs }: DrillPlanOptions): Promise<PlannedDrill> {
  const planned = plan === undefined ? {} : readPlan(await readJson(plan), plan);
  const scenarios = [...(planned.scenarios ?? []), ...lose.map(readLoss)];
  const require = [...(planned.require ?? []), ...mustSurvive, ...(failOnPending === true ? ['nothing-pending'] : [])];
  return {
    ...planned,
    ...(scenarios.length === 0 ? {} : { scenarios }),
    ...(require.length === 0 ? {} : { require: [...new Set(require)] }),
    pairs: pairs ?? true,
  };
}

/**
 * Reads `[<name>=]<selector> …`. Key ids hold no white space, which therefore stands between selectors; a name ends before
 * the first `=`, unless what stands there is a selector already.
 */
function readLoss(text: string): NamedScenario {
  const at = text.indexOf('=');
  const isNamed = at > 0 && !/^[a-zA-Z][\w-]*:\S/.test(text.slice(0, at));
  const selectors = isNamed ? text.slice(at + 1) : text;
  return { name: isNamed ? text.slice(0, at).trim() : text.trim().split(/\s+/).join(' and '), lost: parseSelectors(selectors, '--lose') };
}

async function readJson(file: string): Promise<unknown> {
  const text = await fileOperation('read the plan', file, readFile(file, 'utf8'));
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw usageError('--plan', `${file} is not JSON: ${(error as Error).message}`, error);
  }
}
