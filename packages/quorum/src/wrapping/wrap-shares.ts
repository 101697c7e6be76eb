import { attemptsOf, encodeQuorum, throwIfAborted, timedOut, Tracer, wrapFailed } from '@keyfold/core/keyring';
import type { Attempt, Keyring, QuorumShare, WrappedKey, WrapRequest } from '@keyfold/core/keyring';
import { Operation } from '../calls/operation.js';
import { invalidArgument } from '../refuse.js';
import type { Settings } from '../settings/read-options.js';
import { KEY_LENGTH, splitKey } from '../sharing/shamir.js';
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
  if (request.keyMaterial.length !== KEY_LENGTH) {
    throw invalidArgument('request.keyMaterial', `a data key is ${KEY_LENGTH} bytes; pass that many.`);
  }
  const operation = new Operation(request.signal, deadline);
  const tracer = new Tracer('wrap');
  let shares: Share[] = [];
  try {
    shares = await splitKey(request.keyMaterial, members.length, threshold);
    const wraps = shares.map(async (share, i) => await wrapShare(members[i] as Keyring, share, request, operation, tracer, deadline));
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

/** Never rejects. */
async function wrapShare(
  member: Keyring,
  { bytes }: Share,
  { context }: WrapRequest,
  operation: Operation,
  tracer: Tracer,
  deadline: number,
): Promise<Outcome> {
  const startedAt = performance.now();
  tracer.tell(member, 'started', { reason: 'all' });
  try {
    const { wrappedKeys } = await operation.call(async (signal) => await member.wrap({ keyMaterial: bytes, context, signal }));
    tracer.tell(member, 'succeeded', { milliseconds: performance.now() - startedAt });
    return { wrappedKeys, attempts: [] };
  } catch (error) {
    const { ended } = operation;
    const milliseconds = performance.now() - startedAt;
    if (ended === 'caller') {
      tracer.tell(member, 'aborted', { milliseconds, reason: 'aborted' });
      return { wrappedKeys: [], attempts: [] };
    }
    const attempts = ended === 'deadline' ? timedOut(member, 'wrap', deadline) : attemptsOf(error, member);
    tracer.tell(member, 'failed', { milliseconds, reason: attempts[0]?.reason ?? 'unknown', error });
    return { wrappedKeys: [], attempts };
  }
}
