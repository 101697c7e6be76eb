import { changeAll } from './change-all.js';
import type { BulkOptions, RewrapOutcome, StoredHeader } from './change-all.js';
import { repair } from './repair.js';
import type { RepairOptions } from './repair.js';
import type { RewrapReport } from './rewrap-report.js';

/** What a repair of many headers takes. */
export interface RepairAllOptions extends RepairOptions, BulkOptions {}

/**
 * Repairs many headers, as `rewrapAll` rewraps them: several at a time, told of in order, with compare-and-swap and `resume`.
 * Headers of which nothing can be repaired with these members are loaded, and not a call is made for them; they are
 * `unchanged`, with what is still pending among their `changes`.
 *
 * @throws when it is iterated: as `rewrapAll`
 * @example
 * ```ts
 * for await (const { id, status } of repairAll(rows, { keyring, members: [everydayKey, otherRegion] })) console.log(id, status);
 * ```
 */
export async function* repairAll(
  headers: AsyncIterable<StoredHeader> | Iterable<StoredHeader>,
  options: RepairAllOptions,
): AsyncGenerator<RewrapOutcome, RewrapReport, undefined> {
  return yield* changeAll(headers, options, async (header, signal) => await repair(header, { ...options, signal }));
}
