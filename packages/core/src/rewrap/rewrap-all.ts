import { NEVER_ABORTED, throwIfAborted } from '../cancellation/abortable.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { invalidArgument } from '../errors/throw.js';
import { rewrap } from './rewrap.js';
import type { KeyChange } from './rewrap.js';
import { resolveRewrapOptions } from './rewrap-options.js';
import type { RewrapOptions } from './rewrap-options.js';

/** A header in a store, as `rewrapAll` needs it: two methods to write for a new kind of store. */
export interface StoredHeader {
  /** Names it in the report, and is where a later run goes on: unique, and in the same order in every run. */
  readonly id: string;
  load(signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Stores `next` if what is stored is still `expected`, in one atomic step (compare and swap), and says whether it did.
   * `false` makes `rewrapAll` load it again.
   */
  replace(expected: Uint8Array, next: Uint8Array, signal: AbortSignal): Promise<boolean>;
}

/** How far a bulk rewrap is, as data that can be kept as JSON. */
export interface RewrapReport {
  /** Everything up to and including this id has ended. */
  readonly resumeAfter: string | undefined;
  readonly rewrapped: number;
  readonly unchanged: number;
  readonly failed: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

/** What became of one header. */
export interface RewrapOutcome {
  readonly id: string;
  readonly status: 'rewrapped' | 'unchanged' | 'failed';
  readonly changes: readonly KeyChange[];
  /** For `failed`: what was thrown. */
  readonly error?: unknown;
  /** The report with this one in it: what to keep, so that a later run can go on from here. */
  readonly report: RewrapReport;
}

/** What a bulk rewrap takes. */
export interface RewrapAllOptions extends RewrapOptions {
  /** Headers that are worked on at a time: 1 to 256. Default 8. */
  readonly concurrency?: number;
  /** The last report of a run that ended early: what it finished is passed over, what failed is tried again. */
  readonly resume?: RewrapReport;
  /** Find out what would change, with every call to a KMS that it takes, and store nothing. Default `false`. */
  readonly dryRun?: boolean;
}

/** How often a header is loaded again because somebody else replaced it meanwhile. */
const MAX_CONFLICTS = 5;

const NOTHING: RewrapReport = { resumeAfter: undefined, rewrapped: 0, unchanged: 0, failed: [] };

/**
 * Rewraps many headers, several at a time, and tells of each in the order of the source. One that fails does not stop the
 * others. A header that somebody else replaces meanwhile is loaded and rewrapped again, never overwritten.
 *
 * @throws `invalid-argument`, `aborted`, and whatever the source throws; errors of single headers are outcomes
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
  resolveRewrapOptions(options);
  const concurrency = assertConcurrency(options.concurrency ?? 8);
  const given = new AbortController();
  const signal = AbortSignal.any([given.signal, options.signal ?? NEVER_ABORTED]);
  const underWay: Promise<Omit<RewrapOutcome, 'report'>>[] = [];
  let report = options.resume ?? NOTHING;
  try {
    for await (const header of unfinished(headers, report)) {
      if (underWay.length >= concurrency) {
        const outcome = await (underWay.shift() as (typeof underWay)[number]);
        throwIfAborted(options.signal);
        yield { ...outcome, report: (report = addTo(report, outcome)) };
      }
      underWay.push(rewrapOne(header, { ...options, signal }));
    }
    for (let next = underWay.shift(); next !== undefined; next = underWay.shift()) {
      const outcome = await next;
      throwIfAborted(options.signal);
      yield { ...outcome, report: (report = addTo(report, outcome)) };
    }
    return report;
  } finally {
    given.abort();
    await Promise.all(underWay);
  }
}

/** Never rejects: an error is an outcome. */
async function rewrapOne(stored: StoredHeader, options: RewrapAllOptions & { readonly signal: AbortSignal }): Promise<Omit<RewrapOutcome, 'report'>> {
  const { id } = stored;
  const { signal } = options;
  try {
    for (let conflicts = 0; ; conflicts++) {
      throwIfAborted(signal);
      const current = await stored.load(signal);
      const { header, changed, changes } = await rewrap(current, options);
      if (!changed) return { id, status: 'unchanged', changes };
      if (options.dryRun === true || (await stored.replace(current, header, signal))) return { id, status: 'rewrapped', changes };
      if (conflicts === MAX_CONFLICTS) throw new Error('Others replaced this header again and again; try it later.');
    }
  } catch (error) {
    return { id, status: 'failed', changes: [], error };
  }
}

/** The headers that an earlier run did not finish. */
async function* unfinished(
  headers: AsyncIterable<StoredHeader> | Iterable<StoredHeader>,
  report: RewrapReport,
): AsyncGenerator<StoredHeader, void, undefined> {
  const failed = new Set(report.failed.map(({ id }) => id));
  let passing = report.resumeAfter !== undefined;
  for await (const header of headers) {
    if (!passing || failed.has(header.id)) yield header;
    if (header.id === report.resumeAfter) passing = false;
  }
  if (passing) throw invalidArgument('options.resume', `no header has the id ${JSON.stringify(report.resumeAfter)}; start anew.`);
}

function addTo(report: RewrapReport, { id, status, error }: Omit<RewrapOutcome, 'report'>): RewrapReport {
  const wasFailed = report.failed.some((failure) => failure.id === id);
  const others = report.failed.filter((failure) => failure.id !== id);
  const code = isKeyfoldError(error) ? error.code : 'unknown';
  const message = error instanceof Error ? error.message : String(error);
  return {
    // One that is tried again lies before the place where the earlier run ended.
    resumeAfter: wasFailed ? report.resumeAfter : id,
    rewrapped: report.rewrapped + (status === 'rewrapped' ? 1 : 0),
    unchanged: report.unchanged + (status === 'unchanged' ? 1 : 0),
    failed: status === 'failed' ? [...others, { id, code, message }] : others,
  };
}

function assertConcurrency(concurrency: number): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 256) return concurrency;
  throw invalidArgument('options.concurrency', 'pass an integer from 1 to 256.');
}
