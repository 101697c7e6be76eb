import { QUORUM_PROVIDER } from '@keyfold/core/keyring';
import type { Attempt, FailureReason, Quorum, QuorumShare } from '@keyfold/core/keyring';
import type { Settings } from '../settings/read-options.js';
import type { Combiner } from '../sharing/combiner.js';

/** What became of one share: why it did not come back, for each key of it that was tried. */
export interface ShareOutcome {
  readonly share: QuorumShare;
  readonly attempts: Attempt[];
}

/** The row of an error's table for the quorum itself: how many shares came back of how many that are needed. */
export function summaryOf(
  { name, threshold }: Settings,
  { shares }: Quorum,
  combiner: Combiner,
  outcomes: readonly ShareOutcome[],
): Attempt {
  const { count, tried } = combiner;
  // What is missing may come back later, if as many of those that failed can be asked again as are needed.
  const later = outcomes.filter(({ share, attempts }) => !combiner.has(share.index) && attempts.some(({ retryable }) => retryable));
  const retryable = later.length > 0 && count + later.length >= threshold;
  const row = { provider: QUORUM_PROVIDER, keyring: name, keyId: name, outcome: 'failed', retryable } as const;
  const cameBack = `${count} of ${shares.length} shares came back`;
  if (count >= threshold) {
    const sets = tried.all ? `no ${threshold} of them give` : `none of the ${tried.sets} sets of ${threshold} that were tried gives`;
    return {
      ...row,
      reason: 'integrity',
      message: `${cameBack}, and ${sets} the data key of this envelope.`,
      remedy: 'Check that the envelope is unaltered, and every external context value; more shares may make up for wrong ones.',
    };
  }
  const failed = outcomes.flatMap(({ attempts }) => attempts);
  return {
    ...row,
    reason: reasonOf(failed, retryable),
    message: `${cameBack}, ${threshold} are needed.`,
    remedy: `Get ${threshold - count} more of them back: what keeps each is listed here.`,
  };
}

/** What best says why there were too few: something that passes, if that is all that is in the way. */
function reasonOf(failed: readonly Attempt[], retryable: boolean): FailureReason {
  const telling = failed.find((attempt) => attempt.outcome === 'failed' && attempt.retryable === retryable);
  return telling?.reason ?? 'integrity';
}

/** The rows for a share that no member knows a key of. */
export function unknownShare({ index, wrappedKeys }: QuorumShare, name: string): Attempt[] {
  return wrappedKeys.map(({ provider, keyId }) => ({
    provider,
    keyring: name,
    keyId,
    outcome: 'skipped',
    reason: 'misconfigured',
    retryable: false,
    message: `share ${index} is under this key, and no keyring of the quorum has it.`,
    remedy: 'Give the quorum a keyring with this key, or do without the share.',
  }));
}
