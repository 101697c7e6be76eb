import { changeAll } from './change-all.js';
import type { BulkOptions, RewrapOutcome, StoredHeader } from './change-all.js';
import { rewrap } from './rewrap.js';
import type { RewrapOptions } from './rewrap-options.js';
import type { RewrapReport } from './rewrap-report.js';

/** What a bulk rewrap takes. */
export interface RewrapAllOptions extends RewrapOptions, BulkOptions {}

/**
 * Rewraps many headers, several at a time, and tells of each in the order of the source, as soon as it and all before it
 * have ended. One that fails does not stop the others. A header that somebody else replaces meanwhile is loaded and
 * rewrapped again, never overwritten.
 *
 * Whoever stops early, or is killed, goes on with `resume`: what was done and not reported yet is then found unchanged.
 *
 * @throws when it is iterated: `invalid-argument`, `aborted`, and whatever the source throws; errors of single headers
 *   are outcomes
 * @example
 * ```ts
 * for await (const { id, status, report } of rewrapAll(rows, { keyring, wrapWith: keyring })) {
 *   await checkpoint.save(JSON.stringify(report));
 * }
 * ```
 */
export async function* rewrapAll(
  headers: AsyncIterable<StoredHeader> | Iterable<StoredHeader>,
  options: RewrapAllOptions,
): AsyncGenerator<RewrapOutcome, RewrapReport, undefined> {
  return yield* changeAll(headers, options, async (header, signal) => await rewrap(header, { ...options, signal }));
}
