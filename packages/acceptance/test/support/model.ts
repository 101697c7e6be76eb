/**
 * What a multi-keyring must do, computed from its documentation alone: from what each member does by itself, and the
 * policy's definition.
 */
import type { WritePolicy } from '@keyfold/core';
import type { TimerName } from './clock.js';
import type { Member } from './members.js';

/** What a member's keyring does by itself, and how many requests reach the service meanwhile. */
export type Outcome =
  | { readonly answer: 'works' | 'silent'; readonly requests: number }
  | { readonly answer: 'fails'; readonly keyIds: readonly string[]; readonly requests: number };

/** A policy for writing. */
export interface Policy {
  readonly name: string;
  readonly write?: Omit<WritePolicy, 'patience'>;
  /** Whether nothing is written without this member. */
  readonly requires?: (member: Member) => boolean;
}

/** A row of an error's table: the key, and what became of it. */
export type Row = readonly [keyId: string, outcome: 'failed' | 'skipped', what: 'fault' | 'timeout'];

export interface Expected {
  /** The timers that must pass before there is a result, in order, and how many members have been asked by then. */
  readonly timers: readonly { readonly name: TimerName; readonly asked: number }[];
  /** Those who are asked, in order. */
  readonly asked: readonly Member[];
  /** The error's table; none when the operation succeeds. */
  readonly rows?: readonly Row[];
}

const keysOf = ({ keyring }: Member): string[] => keyring.keks.map(({ keyId }) => keyId);

function rowsOf(member: Member, outcome: Outcome): Row[] {
  if (outcome.answer === 'fails') return outcome.keyIds.map((keyId) => [keyId, 'failed', 'fault']);
  return outcome.answer === 'silent' ? keysOf(member).map((keyId) => [keyId, 'failed', 'timeout']) : [];
}

/** Whether a policy is satisfied when these members have wrapped the data key. */
export function holds({ write, requires }: Policy, members: readonly Member[], wrapped: readonly Member[]): boolean {
  if (write === undefined) return wrapped.length === members.length;
  const missing = members.filter((member) => !wrapped.includes(member));
  if (requires !== undefined && missing.some(requires)) return false;
  const providers = new Set(wrapped.map(({ keyring }) => keyring.provider));
  return wrapped.length >= write.minimum && (write.distinctDomains === undefined || providers.size >= write.minimum);
}

/** All are asked at once. Whoever is silent is waited for until patience ends, or the deadline if the policy does not hold. */
export function wrapping(policy: Policy, members: readonly Member[], outcomeOf: (member: Member) => Outcome): Expected {
  const wrapped = members.filter((member) => outcomeOf(member).answer === 'works');
  const silent = members.some((member) => outcomeOf(member).answer === 'silent');
  if (holds(policy, members, wrapped)) return { timers: silent ? [{ name: 'patience', asked: members.length }] : [], asked: members };
  const rows = members.flatMap((member) => rowsOf(member, outcomeOf(member)));
  return { timers: silent ? [{ name: 'deadline', asked: members.length }] : [], asked: members, rows };
}

/**
 * One after the other, the next when one has failed or its head start is over, until one works. With `early`, the deadline
 * passes while the first silent one is waited for.
 */
export function unwrapping(members: readonly Member[], outcomeOf: (member: Member) => Outcome, early = false): Expected {
  const timers: { name: TimerName; asked: number }[] = [];
  const asked: Member[] = [];
  for (const member of members) {
    asked.push(member);
    const { answer } = outcomeOf(member);
    if (answer === 'works') return { timers, asked };
    if (answer === 'silent' && early) break;
    if (answer === 'silent' && asked.length < members.length) timers.push({ name: 'head start', asked: asked.length });
  }
  if (asked.some((member) => outcomeOf(member).answer === 'silent')) timers.push({ name: 'deadline', asked: asked.length });
  const rows = members.flatMap((member): Row[] =>
    asked.includes(member) ? rowsOf(member, outcomeOf(member)) : keysOf(member).map((keyId) => [keyId, 'skipped', 'timeout']));
  return { timers, asked, rows };
}
