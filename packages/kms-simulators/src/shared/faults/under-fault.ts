import type { RequestFacts } from '../requests/request-facts.js';
import type { RequestLog } from '../requests/request-log.js';
import type { FaultBoard } from './fault-board.js';
import type { EffectOf, FaultKind } from './fault.js';
import { pause, untilAborted } from './pause.js';

/** Effects that only the provider can give: its own errors, and answers that are wrong. */
export type ServiceEffect = EffectOf<
  | 'throttled'
  | 'internal-error'
  | 'dependency-timeout'
  | 'unavailable'
  | 'access-denied'
  | 'error'
  | 'other-key'
  | 'wrong-plaintext'
  | 'wrong-crc'
  | 'unverified-crc'
>;

/** How an answer leaves the server. */
export type Delivery<Answer> =
  | { readonly how: 'whole' | 'garbage' | 'truncated' | 'cut-off'; readonly answer: Answer }
  | { readonly how: 'reset' | 'dropped' };

/** One request, as the parts that all providers share see it. */
export interface RequestUnderFault<Answer> {
  readonly facts: RequestFacts;
  readonly faults: FaultBoard;
  readonly requests: RequestLog;
  /** Aborts when the caller left or the server closes. */
  readonly gone: AbortSignal;
  /** Does what was asked for, under an effect if there is one. Rejects only on a defect of ours. */
  readonly work: (effect: ServiceEffect | undefined) => Promise<Answer>;
}

/**
 * Counts a request, does its work under the fault that hits it, and tells how to deliver the answer.
 * Every provider goes through here, so that a fault means the same on each.
 */
export async function underFault<Answer extends { readonly outcome: string }>(
  request: RequestUnderFault<Answer>,
): Promise<Delivery<Answer>> {
  const { facts, faults, requests } = request;
  const finish = requests.record(facts);
  const hit = faults.take(facts);
  const delivery = await deliver(request, hit);
  finish(outcomeOf(delivery, hit?.fault.kind), hit?.fault.kind);
  return delivery;
}

async function deliver<Answer>(
  { gone, work }: RequestUnderFault<Answer>,
  hit: ReturnType<FaultBoard['take']>,
): Promise<Delivery<Answer>> {
  if (hit === undefined) return { how: 'whole', answer: await work(undefined) };
  const goneOrCleared = AbortSignal.any([gone, hit.cleared]);
  const { fault } = hit;
  switch (fault.kind) {
    case 'latency':
      await pause(fault.ms, goneOrCleared);
      return gone.aborted ? { how: 'dropped' } : { how: 'whole', answer: await work(undefined) };
    case 'hang':
      await untilAborted(goneOrCleared);
      return gone.aborted ? { how: 'dropped' } : { how: 'whole', answer: await work(undefined) };
    case 'late-success': {
      const answer = await work(undefined);
      await pause(fault.ms, goneOrCleared);
      return gone.aborted ? { how: 'dropped' } : { how: 'whole', answer };
    }
    case 'reset':
      return { how: 'reset' };
    case 'garbage':
    case 'truncated':
    case 'cut-off':
      return { how: fault.kind, answer: await work(undefined) };
    case 'throttled':
    case 'internal-error':
    case 'dependency-timeout':
    case 'unavailable':
    case 'access-denied':
    case 'error':
    case 'other-key':
    case 'wrong-plaintext':
    case 'wrong-crc':
    case 'unverified-crc':
      return { how: 'whole', answer: await work(fault) };
  }
}

function outcomeOf(delivery: Delivery<{ outcome: string }>, kind: FaultKind | undefined): string {
  if (delivery.how === 'reset' || delivery.how === 'dropped') return 'no-answer';
  if (delivery.how !== 'whole') return 'damaged';
  const { outcome } = delivery.answer;
  return outcome === 'ok' && kind !== undefined && SPOILING.has(kind) ? 'damaged' : outcome;
}

const SPOILING: ReadonlySet<FaultKind> = new Set(['other-key', 'wrong-plaintext', 'wrong-crc', 'unverified-crc']);
