import { isKeyfoldError, throwIfAborted, unwrapFailed, wrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, UnwrapRequest, UnwrapResult, WrapRequest, WrapResult } from '@keyfold/core/keyring';

/**
 * Several keyrings as one: each wraps the data key, any one opens the envelope.
 *
 * Strict when it wraps: all members at once, and if one fails nothing is written. When it unwraps, members are asked in
 * their order, so that the first one named is preferred.
 */
export function anyOf(members: readonly Keyring[]): Keyring {
  const [only] = members;
  if (only !== undefined && members.length === 1) return only;
  return {
    specificationVersion: 'keyring-v1',
    provider: 'any-of',
    name: members.map(({ name }) => name).join(', '),
    keks: members.flatMap(({ keks }) => keks),
    wrap: async (request) => await wrapUnderAll(members, request),
    unwrap: async (request) => await unwrapWithFirst(members, request),
  };
}

/** Waits for all of them even after one failed: the error then tells of each. */
async function wrapUnderAll(members: readonly Keyring[], request: WrapRequest): Promise<WrapResult> {
  throwIfAborted(request.signal);
  const results = await Promise.allSettled(members.map(async (member) => await member.wrap(request)));
  throwIfAborted(request.signal);
  const failures: Failure[] = [];
  const wrappedKeys = results.flatMap((result, i) => {
    if (result.status === 'fulfilled') return result.value.wrappedKeys;
    failures.push({ member: members[i] as Keyring, thrown: result.reason });
    return [];
  });
  if (failures.length > 0) throw wrapFailed(failures.flatMap(attemptsOf), failures[0]?.thrown);
  return { wrappedKeys };
}

/** `null` when no wrapped key is of any member; throws when one is, and none could be unwrapped. */
async function unwrapWithFirst(members: readonly Keyring[], request: UnwrapRequest): Promise<UnwrapResult | null> {
  const failures: Failure[] = [];
  for (const member of members) {
    throwIfAborted(request.signal);
    try {
      const result = await member.unwrap(request);
      if (result !== null) return result;
    } catch (thrown) {
      if (isKeyfoldError(thrown, 'aborted')) throw thrown;
      failures.push({ member, thrown });
    }
  }
  if (failures.length === 0) return null;
  throw unwrapFailed(failures.flatMap(attemptsOf), failures[0]?.thrown);
}

interface Failure {
  readonly member: Keyring;
  readonly thrown: unknown;
}

/** The rows that a member's failure adds to the error's table. */
function attemptsOf({ member, thrown }: Failure): readonly Attempt[] {
  if (isKeyfoldError(thrown, 'wrap-failed') || isKeyfoldError(thrown, 'unwrap-failed')) return thrown.details.attempts;
  if (isKeyfoldError(thrown, 'keyring-failed')) {
    const { operation: _, ...failure } = thrown.details;
    return [{ ...failure, outcome: 'failed', message: thrown.message }];
  }
  return [
    {
      provider: member.provider,
      keyring: member.name,
      keyId: member.name,
      outcome: 'failed',
      reason: 'unknown',
      retryable: false,
      message: 'the keyring threw something unexpected.',
      remedy: 'If it is a bug of the keyring, report it there.',
    },
  ];
}
