import { counted, judge, NOTHING_PENDING, parseAny } from './requirement.js';
import type { Evidence, RequirementResult } from './requirement.js';

/**
 * What a drill came to. `red`: something that is required does not hold, or it is not known whether it does. `amber`: it
 * holds, and envelopes wait for repair. `green`: it holds, and nothing waits.
 */
export interface Verdict {
  readonly level: 'green' | 'amber' | 'red';
  /** Whether everything that is required holds, every header could be read, and everything that was unwrapped opened. */
  readonly holds: boolean;
  /** The verdict in one sentence, for people. */
  readonly headline: string;
  readonly requirements: readonly RequirementResult[];
}

/** What a verdict is made from. */
export interface Findings extends Evidence {
  readonly envelopes: number;
  readonly unreadable: number;
  /** Envelopes that were really opened, if any; and those that failed although their headers promise that they open. */
  readonly opened: { readonly tried: number; readonly failed: number } | undefined;
}

/** @param required - what has to hold. Default: that any one of each kind of domain that the keys have may be lost */
export function verdictOf(findings: Findings, required: readonly string[] | undefined): Verdict {
  const requirements = (required ?? findings.kinds.map((kind) => `any-${kind}`)).map((requirement) => judge(requirement, findings));
  const trouble = troubleOf(findings, requirements);
  if (trouble !== undefined) return { level: 'red', holds: false, headline: trouble, requirements };
  const promise = promiseOf(findings, requirements);
  if (findings.pending === 0) return { level: 'green', holds: true, headline: `${promise}.`, requirements };
  const waiting = `${counted(findings.pending, 'envelope waits', 'envelopes wait')} for repair`;
  return { level: 'amber', holds: true, headline: `${promise}, but ${waiting}.`, requirements };
}

function troubleOf({ envelopes, unreadable, opened }: Findings, requirements: readonly RequirementResult[]): string | undefined {
  if (envelopes === 0 && unreadable === 0) return 'No envelope was found, so nothing was drilled.';
  const failed = opened?.failed ?? 0;
  if (failed > 0) return `${counted(failed, 'envelope did', 'envelopes did')} not open with keys that ${failed === 1 ? 'its header promises' : 'their headers promise'}.`;
  const broken = requirements.filter(({ holds }) => !holds);
  const [first] = broken;
  const lossy = [...broken].sort((a, b) => b.lost - a.lost).find(({ lost }) => lost > 0);
  if (lossy !== undefined) return `Not safe: ${lossy.reason ?? ''}`;
  if (unreadable > 0) return `Not known to be safe: ${counted(unreadable, 'header', 'headers')} could not be read.`;
  if (first === undefined) return undefined;
  return first.require === NOTHING_PENDING ? `Not whole: ${first.reason ?? ''}` : `Not known to be safe (${first.require}): ${first.reason ?? ''}`;
}

function promiseOf({ envelopes, opened }: Findings, requirements: readonly RequirementResult[]): string {
  const phrases = requirements.filter(({ require }) => require !== NOTHING_PENDING).map(({ require }) => phraseOf(require));
  const all = envelopes === 1 ? 'The envelope survives' : `All ${envelopes.toLocaleString('en-US')} envelopes survive`;
  const proof = opened === undefined ? '' : `; ${counted(opened.tried, 'was', 'were')} really opened each way`;
  if (phrases.length === 0) return `${envelopes === 1 ? 'The envelope has' : `All ${envelopes.toLocaleString('en-US')} envelopes have`} every key that was wanted${proof}`;
  return `${all} the loss of ${listed(phrases)}${proof}`;
}

function phraseOf(requirement: string): string {
  const { kind, size } = parseAny(requirement);
  if (kind === undefined) return `“${requirement}”`;
  return size === 2 ? `any two ${kind}s` : `any one ${kind}`;
}

function listed(phrases: readonly string[]): string {
  const last = phrases.at(-1) ?? '';
  const head = phrases.slice(0, -1);
  // "any one key, region or provider" rather than the same words again.
  const isAlike = head.length > 0 && phrases.every((phrase) => phrase.startsWith('any one '));
  const short = isAlike ? [head[0] ?? '', ...head.slice(1).map((phrase) => phrase.slice(8))] : head;
  const end = isAlike ? last.slice(8) : last;
  return short.length === 0 ? end : `${short.join(', ')} or ${end}`;
}
