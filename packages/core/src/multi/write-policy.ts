import { invalidArgument } from '../errors/throw.js';
import type { Keyring } from '../keyring/keyring.js';
import { assertMilliseconds } from './deadline.js';

/** One keyring of several. */
export interface MultiMember {
  readonly keyring: Keyring;
  /**
   * What fails together with it, by kind: e.g. `{ provider: 'aws-kms', region: 'eu-west-1' }`. The names of the kinds are
   * yours; `distinctDomains` uses them. Default: the provider of its KEKs, e.g. `{ provider: 'aws-kms' }`, and none where
   * they are of several.
   */
  readonly domain?: Readonly<Record<string, string>>;
  /** Whether nothing is written without it, whatever the policy. Default `false`. */
  readonly required?: boolean;
}

/** When a data key is wrapped under enough KEKs, although not all could be reached. */
export interface WritePolicy {
  /** How many members must have wrapped it: at least 1. */
  readonly minimum: number;
  /** Kinds of failure domain of which at least `minimum` different ones must be among them, e.g. `['provider']`. */
  readonly distinctDomains?: readonly string[];
  /** How long to wait for the other members once the policy holds, in ms. Default 1,000. */
  readonly patience?: number;
}

/** A member with its defaults filled in. */
export interface ResolvedMember {
  readonly keyring: Keyring;
  readonly domain: Readonly<Record<string, string>>;
  readonly required: boolean;
}

/**
 * Whether a policy holds when these members have wrapped the data key: every required one is among them, they are
 * enough, and each kind of domain has enough different values among them. Without a policy: when all have.
 */
export function policyHolds(
  policy: WritePolicy | undefined,
  members: readonly ResolvedMember[],
  succeeded: readonly ResolvedMember[],
): boolean {
  if (policy === undefined) return succeeded.length === members.length;
  if (members.some((member) => member.required && !succeeded.includes(member))) return false;
  if (succeeded.length < policy.minimum) return false;
  return (policy.distinctDomains ?? []).every(
    (kind) => new Set(succeeded.map(({ domain }) => domain[kind])).size >= policy.minimum,
  );
}

/**
 * Refuses a policy that cannot hold even when every member succeeds, and members whose pending wrapped keys could not be
 * told apart. Throws `invalid-argument`.
 */
export function assertPolicy(policy: WritePolicy, members: readonly ResolvedMember[]): void {
  if (!Number.isInteger(policy.minimum) || policy.minimum < 1 || policy.minimum > members.length) {
    throw invalidArgument('options.write.minimum', `pass an integer from 1 to ${members.length}, the number of members.`);
  }
  assertMilliseconds(policy.patience ?? 0, 'options.write.patience');
  for (const kind of policy.distinctDomains ?? []) {
    const without = members.find(({ domain }) => domain[kind] === undefined);
    if (without !== undefined) {
      throw invalidArgument('options.write.distinctDomains', `the member ${without.keyring.name} has no domain "${kind}"; give it one.`);
    }
  }
  assertDistinctKeks(members);
  if (!policyHolds(policy, members, members)) {
    throw invalidArgument('options.write', 'it does not hold even when every member succeeds; ask for fewer, or spread the members.');
  }
}

/** Two aliases of one name in two Regions, for example: a pending wrapped key says only the name. */
function assertDistinctKeks(members: readonly ResolvedMember[]): void {
  const seen = new Set<string>();
  for (const { provider, keyId } of members.flatMap(({ keyring }) => keyring.keks)) {
    const name = `${provider} ${keyId}`;
    if (seen.has(name)) {
      const why = 'with a write policy, it must be clear which of them a pending wrapped key is of';
      throw invalidArgument('options.members', `${name} is there twice; ${why}. Give its full name, such as an ARN, or leave one out.`);
    }
    seen.add(name);
  }
}
