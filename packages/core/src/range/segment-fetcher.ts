import { abortable } from '../cancellation/abortable.js';
import type { AesGcm } from '../engine/types.js';
import { MESSAGE_ID_LENGTH, TAG_LENGTH } from '../format/constants.js';
import type { PayloadLayout } from '../format/payload-layout.js';
import { openSegment } from '../message/open-segment.js';
import type { RangeSource } from './range-source.js';
import { readExactly } from './read-exactly.js';
import { SegmentCache } from './segment-cache.js';

/** Sealed bytes asked of the source in one call, at most; or one segment where that is larger. */
const MAX_RUN = 1 << 22;

/** A segment that is wanted or under way. */
interface Fetch {
  readonly index: number;
  readonly promise: Promise<Uint8Array<ArrayBuffer>>;
  readonly resolve: (plaintext: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: unknown) => void;
  waiters: number;
  /** The run that it became part of. */
  run?: Run;
}

/** Neighbouring segments that are read in one call. */
interface Run {
  readonly fetches: readonly Fetch[];
  /** Fires when nobody waits for any of them any longer, as long as the source has not answered. */
  readonly reading: AbortController;
  answered: boolean;
}

/** What segments are fetched from. */
export interface FetcherOptions {
  readonly source: RangeSource;
  /** Where in the source the payload begins. */
  readonly payloadOffset: number;
  readonly layout: PayloadLayout;
  readonly gcm: AesGcm;
  /** Opened segments that are kept. */
  readonly cacheSegments: number;
}

/**
 * Fetches segments and opens them. Segments that are asked for at the same time and lie side by side are read in one call,
 * and one that several ask for is read once. What nobody waits for any longer is aborted.
 */
export class SegmentFetcher {
  readonly #options: FetcherOptions;
  readonly #cache: SegmentCache;
  /** What somebody waits for, or comes with what somebody waits for. Whatever has come or was given up is not in it. */
  readonly #fetches = new Map<number, Fetch>();
  #wanted: Fetch[] = [];

  constructor(options: FetcherOptions) {
    this.#options = options;
    this.#cache = new SegmentCache(options.cacheSegments);
  }

  /** The plaintext of a segment, which the caller must not change. Throws `payload-damaged`, `truncated`, `aborted`. */
  async get(index: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const cached = this.#cache.get(index);
    if (cached !== undefined) return cached;
    const fetch = this.#fetches.get(index) ?? this.#want(index);
    fetch.waiters++;
    try {
      return await abortable(fetch.promise, signal);
    } finally {
      fetch.waiters--;
      if (fetch.waiters === 0) this.#abandon(fetch);
    }
  }

  /** Gives up what is under way, and forgets what it kept. */
  close(): void {
    for (const { run } of this.#fetches.values()) abortReading(run);
    this.#fetches.clear();
    this.#cache.clear();
  }

  #want(index: number): Fetch {
    let resolve!: Fetch['resolve'];
    let reject!: Fetch['reject'];
    const promise = new Promise<Uint8Array<ArrayBuffer>>((...settle) => {
      [resolve, reject] = settle;
    });
    // Whoever waits gets the error; everybody may have left.
    promise.catch(() => undefined);
    const fetch: Fetch = { index, promise, resolve, reject, waiters: 0 };
    this.#fetches.set(index, fetch);
    if (this.#wanted.push(fetch) === 1) {
      queueMicrotask(() => {
        this.#startRuns();
      });
    }
    return fetch;
  }

  /** Cuts what is wanted into runs of neighbours and starts them. */
  #startRuns(): void {
    const wanted = this.#wanted.filter((fetch) => this.#isAwaited(fetch)).sort((a, b) => a.index - b.index);
    this.#wanted = [];
    const most = Math.max(1, Math.floor(MAX_RUN / this.#sealedSize));
    let start = 0;
    for (const [i, fetch] of wanted.entries()) {
      const next = wanted[i + 1];
      if (next?.index === fetch.index + 1 && i + 1 - start < most) continue;
      void this.#fetchRun(wanted.slice(start, i + 1));
      start = i + 1;
    }
  }

  /** Reads and opens neighbouring segments. Never rejects: every error goes to the segments it concerns. */
  async #fetchRun(fetches: readonly Fetch[]): Promise<void> {
    const run: Run = { fetches, reading: new AbortController(), answered: false };
    for (const fetch of fetches) fetch.run = run;
    const { source, payloadOffset, layout } = this.#options;
    const offset = this.#offsetOf((fetches[0] as Fetch).index);
    const end = Math.min(offset + fetches.length * this.#sealedSize, layout.payloadLength);
    let sealed: Uint8Array;
    try {
      sealed = await readExactly(source, payloadOffset + offset, end - offset, run.reading.signal);
    } catch (error) {
      for (const fetch of fetches) if (this.#end(fetch)) fetch.reject(error);
      return;
    } finally {
      run.answered = true;
    }
    for (const [i, fetch] of fetches.entries()) {
      await this.#open(fetch, sealed.subarray(i * this.#sealedSize, (i + 1) * this.#sealedSize));
    }
  }

  async #open(fetch: Fetch, sealed: Uint8Array): Promise<void> {
    if (!this.#isAwaited(fetch)) return;
    const { gcm, layout } = this.#options;
    const { index } = fetch;
    try {
      const plaintext = await openSegment(gcm, sealed, index, index === layout.segmentCount - 1, this.#offsetOf(index));
      if (!this.#end(fetch)) return;
      this.#cache.set(index, plaintext);
      fetch.resolve(plaintext);
    } catch (error) {
      if (this.#end(fetch)) fetch.reject(error);
    }
  }

  /**
   * Gives up a segment for which nobody waits any longer, unless it comes with others that are waited for. Whoever asks
   * for it from now on does not get the end of a call that was aborted: it is fetched again.
   */
  #abandon(fetch: Fetch): void {
    if (!this.#isAwaited(fetch)) return;
    const together = fetch.run?.fetches ?? [fetch];
    if (together.some(({ waiters }) => waiters > 0)) return;
    for (const each of together) this.#end(each);
    abortReading(fetch.run);
  }

  #isAwaited(fetch: Fetch): boolean {
    return this.#fetches.get(fetch.index) === fetch;
  }

  /** Takes a segment off the list of what is under way. Says whether it was still on it. */
  #end(fetch: Fetch): boolean {
    return this.#isAwaited(fetch) && this.#fetches.delete(fetch.index);
  }

  /** Where in the payload a segment begins. */
  #offsetOf(index: number): number {
    return MESSAGE_ID_LENGTH + index * this.#sealedSize;
  }

  get #sealedSize(): number {
    return this.#options.layout.segmentSize + TAG_LENGTH;
  }
}

/** A signal that fires after the answer could hurt a connection that serves somebody else by then. */
function abortReading(run: Run | undefined): void {
  if (run?.answered === false) run.reading.abort();
}
