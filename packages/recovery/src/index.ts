/**
 * Recovery drills: what can still be opened when a key, an account, a Region or a whole provider is lost.
 *
 * @packageDocumentation
 */
export type { Domains } from './domains/domains.js';
export type { DomainOptions } from './domains/key-directory.js';
export { drill } from './drill.js';
export type { DrillOptions, DrillProgress } from './drill-options.js';
export type { DrilledKey, DrilledScenario, DrillReport } from './drill-report.js';
export { htmlReport } from './html/html-report.js';
export type { HtmlReportOptions } from './html/html-report.js';
export { readPlan } from './plan.js';
export type { DrillPlan } from './plan.js';
export type { NamedScenario, Scenario } from './scenarios/scenario.js';
export { formatSelector, parseSelectors } from './scenarios/selector.js';
export type { LossSelector } from './scenarios/selector.js';
export type { ScenarioResult } from './survey/evaluate.js';
export type { DrillHeader, Envelopes } from './survey/survey.js';
export { blocking } from './unwrapping/blocking.js';
export type { UnwrapOptions } from './unwrapping/unwrap-all.js';
export type { UnwrapFailure, UnwrapReport } from './unwrapping/unwrap-report.js';
export type { RequirementResult } from './verdict/requirement.js';
export type { Verdict } from './verdict/verdict.js';
