import { invalidArgument } from '../errors/throw.js';
import type { Keyring } from '../keyring/keyring.js';
import { assertKeyring } from '../message/options.js';
import { checkMembers } from './check-members.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { assertMilliseconds, Deadline } from './deadline.js';
import { hedgedUnwrap } from './hedged-unwrap.js';
import type { Candidate } from './line-up.js';
import { wrapUnderAll } from './wrap-under-all.js';
import { assertPolicy } from './write-policy.js';
import type { MultiMember, ResolvedMember, WritePolicy } from './write-policy.js';

/** What a multi-keyring is made of. */
export interface MultiKeyringOptions {
  /** In the order in which they are asked to unwrap: the nearest first. Multi-keyrings and quorums may be among them. */
  readonly members: readonly (Keyring | MultiMember)[];
  /** When a write may do without members. Default: never, all must succeed. */
  readonly write?: WritePolicy;
  /** How long a member may take to unwrap before the next is asked as well, in ms. Default 250. */
  readonly headStart?: number;
  /** How long one wrap, unwrap or check may take in all, in ms. Default 30,000. */
  readonly deadline?: number;
}

/**
 * One data key under several KEKs, any of which opens the envelope.
 *
 * Wrapping goes to all members at once. Unwrapping asks them in their order: the next one as soon as one fails, or when
 * one is slow. The first data key that the header's MAC accepts wins; a member that answers wrongly stops nothing. A
 * member that failed hard a short while ago, or was silent three times running until another answered, is asked last.
 *
 * @throws `invalid-argument`
 * @example
 * ```ts
 * const keyring = multiKeyring({ members: [everydayKey, breakGlassPublicKey] });
 * ```
 */
export function multiKeyring(options: MultiKeyringOptions): Keyring {
  const members = resolveMembers(options);
  const keyrings = members.map(({ keyring }) => keyring);
  const { write } = options;
  if (write !== undefined) assertPolicy(write, members);
  const headStart = assertMilliseconds(options.headStart ?? 250, 'options.headStart');
  const deadline = new Deadline(assertMilliseconds(options.deadline ?? 30_000, 'options.deadline'));
  const candidates = members.map((member): Candidate => ({ member, breaker: new CircuitBreaker() }));
  return {
    specificationVersion: 'keyring-v1',
    provider: 'multi',
    name: `any of (${keyrings.map(({ name }) => name).join(', ')})`,
    keks: keyrings.flatMap(({ keks }) => keks),
    wrap: async (request) => await wrapUnderAll(members, request, write, deadline),
    unwrap: async (request) => await hedgedUnwrap(candidates, request, headStart, deadline),
    check: async (request) => await checkMembers(keyrings, request, deadline),
  };
}

function resolveMembers({ members }: MultiKeyringOptions): ResolvedMember[] {
  if (!Array.isArray(members) || members.length === 0) {
    throw invalidArgument('options.members', 'pass an array of keyrings, at least one.');
  }
  return members.map((member: Keyring | MultiMember, i) => {
    const given = 'keyring' in member ? member : { keyring: member };
    assertKeyring(given.keyring, `options.members[${i}]`);
    const { keyring } = given;
    return { keyring, domain: given.domain ?? ownDomain(keyring), required: given.required ?? false };
  });
}

/** A multi-keyring fails as its KEKs do: its own provider, "multi", says nothing. Where they differ there is no default. */
function ownDomain({ keks, provider }: Keyring): ResolvedMember['domain'] {
  const [first = provider, ...others] = new Set(keks.map((kek) => kek.provider));
  return others.length === 0 ? { provider: first } : {};
}
