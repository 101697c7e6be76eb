import { abortable, abortError, throwIfAborted } from '../cancellation/abortable.js';
import { copyOfContext } from '../context/encryption-context.js';
import type { Attempt } from '../errors/attempt.js';
import { compareWrappedKeys } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { keyringContract } from '../keyring/data-key.js';
import { attemptsOf, wrapFailed } from '../keyring/keyring-error.js';
import type { Kek, Keyring, WrapRequest, WrapResult } from '../keyring/keyring.js';
import { timedOut } from './deadline.js';
import type { Deadline } from './deadline.js';
import { trace } from './trace.js';
import { policyHolds } from './write-policy.js';
import type { ResolvedMember, WritePolicy } from './write-policy.js';

const DEFAULT_PATIENCE = 1_000;

/** What became of the members so far. */
interface Progress {
  readonly wrapped: Map<ResolvedMember, readonly WrappedKey[]>;
  readonly failed: Map<ResolvedMember, readonly Attempt[]>;
}

/**
 * Wraps a data key under every member at once. Without a policy, all must succeed. With one, it may do without members
 * that failed or are slow: their KEKs get pending wrapped keys, which a repair fills in.
 *
 * Throws `wrap-failed` with every attempt, `aborted`.
 */
export async function wrapUnderAll(
  members: readonly ResolvedMember[],
  request: WrapRequest,
  policy: WritePolicy | undefined,
  deadline: Deadline,
): Promise<WrapResult> {
  throwIfAborted(request.signal);
  const over = new AbortController();
  const progress: Progress = { wrapped: new Map(), failed: new Map() };
  const signal = AbortSignal.any([request.signal, over.signal]);
  try {
    await abortable(settle(members, { ...request, signal }, progress, policy, deadline), request.signal);
    const succeeded = [...progress.wrapped.keys()];
    for (const member of members) {
      if (succeeded.includes(member) || progress.failed.has(member)) continue;
      progress.failed.set(member, [timedOut(member.keyring, 'wrap', deadline.milliseconds)]);
    }
    if (!policyHolds(policy, members, succeeded)) throw wrapFailed(members.flatMap((member) => progress.failed.get(member) ?? []));
    const wrappedKeys = members.flatMap((member) => progress.wrapped.get(member) ?? pendingKeys(member.keyring));
    const repeated = wrappedKeys.find((key, i) => wrappedKeys.some((other, j) => j < i && compareWrappedKeys(key, other) === 0));
    if (repeated !== undefined) throw wrapFailed([twice(repeated, members)]);
    return { wrappedKeys };
  } finally {
    over.abort(abortError(AbortSignal.abort()));
  }
}

/** Ends when every member has, when the deadline has passed, or when the policy holds and patience is at an end. */
async function settle(
  members: readonly ResolvedMember[],
  request: WrapRequest,
  progress: Progress,
  policy: WritePolicy | undefined,
  deadline: Deadline,
): Promise<void> {
  await new Promise<void>((resolve) => {
    let patience: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      clearTimeout(patience);
      stop();
      resolve();
    };
    const stop = deadline.start(end);
    const onSettled = (): void => {
      if (progress.wrapped.size + progress.failed.size === members.length || request.signal.aborted) end();
      else if (policy !== undefined && patience === undefined && policyHolds(policy, members, [...progress.wrapped.keys()])) {
        patience = setTimeout(end, policy.patience ?? DEFAULT_PATIENCE);
      }
    };
    request.signal.addEventListener('abort', end, { once: true });
    for (const member of members) void wrapUnder(member, request, progress).then(onSettled);
  });
}

/** Never rejects. */
async function wrapUnder(member: ResolvedMember, request: WrapRequest, progress: Progress): Promise<void> {
  const { keyring } = member;
  // One that wipes or changes what it is handed must not change what the others wrap.
  const own = { ...request, keyMaterial: new Uint8Array(request.keyMaterial), context: copyOfContext(request.context) };
  trace('wrap', keyring, 'started');
  try {
    const result: Partial<WrapResult> | undefined = await abortable(keyring.wrap(own), request.signal);
    progress.wrapped.set(member, wrappedKeysOf(keyring, result));
    trace('wrap', keyring, 'succeeded');
  } catch (error) {
    if (request.signal.aborted) {
      trace('wrap', keyring, 'aborted');
      return;
    }
    progress.failed.set(member, attemptsOf(error, keyring));
    trace('wrap', keyring, 'failed', error);
  } finally {
    own.keyMaterial.fill(0);
  }
}

/** What a member answered. Without this, one that answers with nothing would count as one that has wrapped. */
function wrappedKeysOf(keyring: Keyring, result: Partial<WrapResult> | undefined): readonly WrappedKey[] {
  const keys: readonly (Partial<WrappedKey> | undefined)[] = result?.wrappedKeys ?? [];
  if (keys.length > 0 && keys.every((key) => typeof key?.keyId === 'string')) return keys as readonly WrappedKey[];
  throw keyringContract(keyring, 'returned no wrapped keys');
}

/** The row for a key that two members have wrapped under: an envelope holds each but once. */
function twice({ provider, keyId }: WrappedKey, members: readonly ResolvedMember[]): Attempt {
  const member = members.find(({ keyring }) => keyring.provider === provider);
  return {
    provider,
    keyring: member?.keyring.name ?? keyId,
    keyId,
    outcome: 'failed',
    reason: 'misconfigured',
    retryable: false,
    message: 'two members wrapped the data key under this key.',
    remedy: 'Leave one of the two out.',
  };
}

/** What stands in for the wrapped keys of a member that could not be reached. */
function pendingKeys(keyring: Keyring): WrappedKey[] {
  trace('wrap', keyring, 'pending');
  return keyring.keks.map(({ provider, keyId }: Kek) => ({
    provider,
    keyId,
    keyVersion: '',
    algorithm: '',
    ciphertext: new Uint8Array(0),
  }));
}
