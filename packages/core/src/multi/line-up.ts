import type { CircuitBreaker, Place } from './circuit-breaker.js';
import type { Tracer } from './trace.js';
import type { ResolvedMember } from './write-policy.js';

/** A member, and what is remembered of it from call to call. */
export interface Candidate {
  readonly member: ResolvedMember;
  readonly breaker: CircuitBreaker;
}

/** A member in one call. */
export interface PlacedCandidate extends Candidate {
  readonly place: Place;
}

/** The order in which one call asks: members that work first, broken ones behind them, each in their own order. */
export function lineUp(candidates: readonly Candidate[], tracer: Tracer): readonly PlacedCandidate[] {
  const now = performance.now();
  const placed = candidates.map((candidate) => ({ ...candidate, place: candidate.breaker.enter(now) }));
  for (const { member, breaker, place } of placed) {
    if (place !== 'own') tracer.tell(member.keyring, place === 'probe' ? 'probing' : 'broken', { reason: breaker.reason });
  }
  return [...placed.filter(({ place }) => place !== 'last'), ...placed.filter(({ place }) => place === 'last')];
}
