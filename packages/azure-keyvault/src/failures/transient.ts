import { isUnreachable, isUnreadable } from './client-errors.js';
import type { Thrown } from './failure.js';

/** Answers after which the same request may do better at once. A quota of ten seconds, 429, does not pass in one. */
const PASSING: ReadonlySet<number | undefined> = new Set([408, 500, 502, 503, 504]);

/** Whether a request may do better when it is made again at once. */
export function isTransient(thrown: Thrown): boolean {
  return PASSING.has(thrown.status) || isUnreachable(thrown) || isUnreadable(thrown);
}
