import { assertKeyMaterial, attemptsOf, copyOfContext, encodeQuorum, keyringError, throwIfAborted, timedOut, Tracer, wrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, QuorumShare, WrappedKey, WrapRequest, WrapResult } from '@keyfold/core/keyring';
import { Operation } from '../calls/operation.js';
import { TracedCall } from '../calls/traced-call.js';
import type { Settings } from '../settings/read-options.js';
import { splitKey } from '../sharing/shamir.js';
import type { Share } from '../sharing/shamir.js';
import { refusedKeys } from './refused-keys.js';

/** What became of one share: its wrapped keys, or why there are none. */
interface Outcome {
  readonly wrappedKeys: readonly WrappedKey[];
  readonly attempts: readonly Attempt[];
}

/**
 * Splits a data key, wraps every share by its own member, all at once, and returns the ciphertext of the quorum's wrapped
 * key. Each share must have been wrapped under every key of its member: a share that nobody can open, or fewer can than were
 * meant to, could not be repaired later, as a repair has the data key but no longer its polynomial.
 *
 * Throws `wrap-failed` with every attempt, `invalid-argument`, `aborted`.
 */
export async function wrapShares(settings: Settings, request: WrapRequest): Promise<Uint8Array> {
  throwIfAborted(request.signal);
  const { members, threshold, deadline } = settings;
  assertKeyMaterial(request.keyMaterial);
  const operation = new Operation(request.signal, deadline);
  const tracer = new Tracer('wrap');
  let shares: Share[] = [];
  try {
    shares = await splitKey(request.keyMaterial, members.length, threshold);
    const wraps = shares.map(async (share, i) => {
      const member = members[i] as Keyring;
      return await wrapShare(member, share, request, operation, new TracedCall(tracer, member), deadline);
    });
    const outcomes = await Promise.all(wraps);
    throwIfAborted(request.signal);
    const attempts = [...outcomes.flatMap((outcome) => outcome.attempts), ...refusedKeys(settings, outcomes)];
    if (attempts.length > 0) throw wrapFailed(attempts);
    const wrapped = shares.map(({ index }, i): QuorumShare => ({ index, wrappedKeys: (outcomes[i] as Outcome).wrappedKeys }));
    return encodeQuorum({ threshold, shares: wrapped });
  } finally {
    operation.close();
    for (const { bytes } of shares) bytes.fill(0);
  }
}

/** Never rejects. A member gets a context of its own: one that spoils it must not spoil what the others wrap. */
async function wrapShare(
  member: Keyring,
  { bytes }: Share,
  { context }: WrapRequest,
  operation: Operation,
  traced: TracedCall,
  deadline: number,
): Promise<Outcome> {
  try {
    const request = { keyMaterial: bytes, context: copyOfContext(context) };
    const answer = (await operation.call(async (signal) => await member.wrap({ ...request, signal }))) as Partial<WrapResult> | undefined;
    const wrappedKeys = answer?.wrappedKeys ?? [];
    if (wrappedKeys.length === 0) throw wrappedNothing(member);
    traced.end('succeeded');
    return { wrappedKeys, attempts: [] };
  } catch (error) {
    const { ended } = operation;
    if (ended === 'caller') {
      traced.end('aborted', { reason: 'aborted' });
      return { wrappedKeys: [], attempts: [] };
    }
    const attempts = ended === 'deadline' ? timedOut(member, 'wrap', deadline) : attemptsOf(error, member);
    traced.end('failed', ended === 'deadline' ? { reason: 'timeout' } : { reason: attempts[0]?.reason ?? 'unknown', error });
    return { wrappedKeys: [], attempts };
  }
}

/** The error of a member that answers without a wrapped key: nobody could ever open its share. */
function wrappedNothing({ provider, name, keks }: Keyring): Error {
  const failure = { provider, keyring: name, keyId: keks[0]?.keyId ?? name, operation: 'wrap', reason: 'unknown', retryable: false } as const;
  return keyringError({ ...failure, remedy: 'This is a bug of the keyring; report it there.' }, 'it returned no wrapped key for its share.');
}
