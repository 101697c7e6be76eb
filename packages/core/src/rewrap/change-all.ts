import { abortableItems } from '../cancellation/abortable-items.js';
import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { onAbort } from '../cancellation/on-abort.js';
import { invalidArgument } from '../errors/throw.js';
import type { DecryptOptions } from '../message/options.js';
import { assertBoolean, resolveRewrapOptions } from './rewrap-options.js';
import { ReportKeeper } from './rewrap-report.js';
import type { RewrapReport } from './rewrap-report.js';
import type { KeyChange, RewrapResult } from './rewrap.js';

/** A header in a store, as `rewrapAll` needs it: two methods to write for a new kind of store. */
export interface StoredHeader {
  /** Names it in the report, and is where a later run goes on: unique, and in the same order in every run. */
  readonly id: string;
  load(signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Stores `next` if what is stored is still `expected`, in one atomic step (compare and swap), and says whether it did.
   * `false` makes `rewrapAll` load it again. It is waited for also after an abort, since only its end says what is stored.
   */
  replace(expected: Uint8Array, next: Uint8Array, signal: AbortSignal): Promise<boolean>;
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

/** How a bulk rewrap or repair goes about it. */
export interface BulkOptions {
  /** Headers that are worked on at a time: 1 to 256. Default 8. */
  readonly concurrency?: number;
  /** The last report of a run that ended early: what it finished is passed over, what failed is tried again. */
  readonly resume?: RewrapReport;
  /** Find out what would change, with every call to a KMS that it takes, and store nothing. Default `false`. */
  readonly dryRun?: boolean;
}

/** How often a header is loaded again because somebody else replaced it meanwhile. */
const MAX_CONFLICTS = 5;

type Ended = Omit<RewrapOutcome, 'report'>;

/** What is done to one header. */
export type Change = (header: Uint8Array, signal: AbortSignal) => Promise<RewrapResult>;

/** Does it to many headers: see `rewrapAll`. */
export async function* changeAll(
  headers: AsyncIterable<StoredHeader> | Iterable<StoredHeader>,
  options: DecryptOptions & BulkOptions,
  change: Change,
): AsyncGenerator<RewrapOutcome, RewrapReport, undefined> {
  const { signal } = resolveRewrapOptions(options);
  const concurrency = assertConcurrency(options.concurrency ?? 8);
  const dryRun = assertBoolean(options.dryRun ?? false, 'options.dryRun');
  const keeper = new ReportKeeper(options.resume);
  const run = new AbortController();
  const stopWaiting = onAbort(signal, () => {
    run.abort(signal.reason);
  });
  const source = unfinished(abortableItems(headers, run.signal), keeper);
  const underWay: Promise<Ended>[] = [];
  let next: Promise<IteratorResult<StoredHeader, void>> | undefined;
  let isLeft = true;
  try {
    while (isLeft || underWay.length > 0) {
      if (isLeft && underWay.length < concurrency) next ??= source.next();
      const event = await firstOf(next, underWay[0]);
      throwIfAborted(signal);
      if ('status' in event) {
        void underWay.shift();
        yield { ...event, report: keeper.add(event) };
      } else {
        next = undefined;
        isLeft = event.done !== true;
        if (event.done !== true) underWay.push(changeOne(event.value, change, dryRun, run.signal));
      }
    }
    return keeper.report;
  } finally {
    stopWaiting();
    // Nothing is left running: the source is told that it is not needed, and what is being stored is waited for.
    if (next === undefined) await source.return();
    run.abort();
    await Promise.allSettled([...underWay, next]);
    await source.return();
  }
}

/** The next header, which keeps everybody at work, or else the outcome that is to be told next. */
async function firstOf(
  next: Promise<IteratorResult<StoredHeader, void>> | undefined,
  oldest: Promise<Ended> | undefined,
): Promise<IteratorResult<StoredHeader, void> | Ended> {
  return await Promise.race([next, oldest].filter((promise) => promise !== undefined));
}

/** Never rejects: an error is an outcome. */
async function changeOne(stored: StoredHeader, change: Change, dryRun: boolean, signal: AbortSignal): Promise<Ended> {
  const { id } = stored;
  try {
    for (let conflicts = 0; ; conflicts++) {
      throwIfAborted(signal);
      const current = await abortable(stored.load(signal), signal);
      const { header, changed, changes } = await change(current, signal);
      if (!changed) return { id, status: 'unchanged', changes };
      if (dryRun || (await stored.replace(current, header, signal))) return { id, status: 'rewrapped', changes };
      if (conflicts === MAX_CONFLICTS) throw new Error('Others replaced this header again and again; try it later.');
    }
  } catch (error) {
    return { id, status: 'failed', changes: [], error };
  }
}

/** The headers that an earlier run did not finish. */
async function* unfinished(headers: AsyncIterable<StoredHeader>, { report, retried }: ReportKeeper): AsyncGenerator<StoredHeader, void, undefined> {
  const { resumeAfter } = report;
  let passing = resumeAfter !== undefined;
  for await (const header of headers) {
    if (!passing || retried.has(header.id)) yield header;
    if (header.id === resumeAfter) passing = false;
  }
  if (passing) throw invalidArgument('options.resume', `no header has the id ${JSON.stringify(resumeAfter)}; start anew.`);
}

function assertConcurrency(concurrency: number): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 256) return concurrency;
  throw invalidArgument('options.concurrency', 'pass an integer from 1 to 256.');
}
