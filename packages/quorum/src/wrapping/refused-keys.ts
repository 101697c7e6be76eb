import { isPending, QUORUM_PROVIDER } from '@keyfold/core/keyring';
import type { Attempt, FailureReason, Keyring, WrappedKey } from '@keyfold/core/keyring';
import type { Settings } from '../settings/read-options.js';

/**
 * The rows of an error's table for wrapped keys that a share cannot hold.
 *
 * A pending one, which a multi-keyring with a write policy makes, is refused and not left out: left out, nothing in the
 * envelope would say that a key is missing, and no repair would ever heal it. A policy belongs around the quorum, which is
 * then pending as a whole.
 */
export function refusedKeys({ members }: Settings, outcomes: readonly { readonly wrappedKeys: readonly WrappedKey[] }[]): Attempt[] {
  const rows: Attempt[] = [];
  /** Which share each KEK was seen in. */
  const seen = new Map<string, number>();
  for (const [i, { wrappedKeys }] of outcomes.entries()) {
    for (const key of wrappedKeys) {
      const kek = `${key.provider} ${key.keyId}`;
      const other = seen.get(kek);
      seen.set(kek, i);
      const problem = isPending(key) ? PENDING : key.provider === QUORUM_PROVIDER ? NESTED : other !== undefined && other !== i ? SHARED : undefined;
      if (problem !== undefined) rows.push(rowOf(members[i] as Keyring, key, problem));
    }
  }
  return rows;
}

interface Problem {
  readonly reason: FailureReason;
  readonly retryable: boolean;
  readonly message: string;
  readonly remedy: string;
}

const PENDING: Problem = {
  reason: 'unavailable',
  retryable: true,
  message: 'it could not be reached, and a share of a quorum cannot wait for it.',
  remedy: 'Try again; to write while a key is out of reach, put the quorum into a multi-keyring with a write policy, not the reverse.',
};

const NESTED: Problem = {
  reason: 'misconfigured',
  retryable: false,
  message: 'a quorum cannot hold a quorum.',
  remedy: 'Give its members to the outer quorum instead.',
};

/** Found out only now: an alias of it was configured. */
const SHARED: Problem = {
  reason: 'misconfigured',
  retryable: false,
  message: 'two shares are under this key, so that who holds it has both.',
  remedy: 'Give every share keys of its own.',
};

function rowOf(member: Keyring, { provider, keyId }: WrappedKey, problem: Problem): Attempt {
  return { provider, keyring: member.name, keyId, outcome: 'failed', ...problem };
}
