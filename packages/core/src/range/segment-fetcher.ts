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
  readonly promise: Promise<Uint8Array<ArrayBuffer>>;
  readonly resolve: (plaintext: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: unknown) => void;
  waiters: number;
  /** The run that it became part of. */
  run?: AbortController;
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
 * Fetches segments and opens them. Segments that are asked for in one turn of the event loop and lie side by side are
 * read in one call, and one that several ask for is read once. What nobody waits for any longer is aborted.
 */
export class SegmentFetcher {
  readonly #options: FetcherOptions;
  readonly #cache: SegmentCache;
  readonly #fetches = new Map<number, Fetch>();
  #wanted: number[] = [];

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

  /** Forgets what it kept. */
  clear(): void {
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
    const fetch: Fetch = { promise, resolve, reject, waiters: 0 };
    this.#fetches.set(index, fetch);
    if (this.#wanted.push(index) === 1) {
      queueMicrotask(() => {
        this.#startRuns();
      });
    }
    return fetch;
  }

  /** Cuts what is wanted into runs of neighbours and starts them. */
  #startRuns(): void {
    const wanted = this.#wanted.sort((a, b) => a - b);
    this.#wanted = [];
    const most = Math.max(1, Math.floor(MAX_RUN / this.#sealedSize));
    for (let start = 0, end = 1; end <= wanted.length; end++) {
      const first = wanted[start] as number;
      if (end < wanted.length && wanted[end] === first + (end - start) && end - start < most) continue;
      void this.#fetchRun(first, end - start);
      start = end;
    }
  }

  /** Reads and opens `count` segments from `first` on. Never rejects: every error goes to the segments it concerns. */
  async #fetchRun(first: number, count: number): Promise<void> {
    const run = new AbortController();
    const indexes = Array.from({ length: count }, (_, i) => first + i);
    for (const index of indexes) this.#fetch(index).run = run;
    if (indexes.every((index) => this.#fetch(index).waiters === 0)) run.abort();
    const { source, payloadOffset, layout } = this.#options;
    const offset = MESSAGE_ID_LENGTH + first * this.#sealedSize;
    const end = Math.min(offset + count * this.#sealedSize, layout.payloadLength);
    let sealed: Uint8Array | undefined;
    let failure: unknown;
    try {
      sealed = await readExactly(source, payloadOffset + offset, end - offset, run.signal);
    } catch (error) {
      failure = error;
    }
    for (const index of indexes) {
      const at = (index - first) * this.#sealedSize;
      if (sealed === undefined) this.#fetch(index).reject(failure);
      else await this.#open(index, sealed.subarray(at, at + this.#sealedSize));
      this.#fetches.delete(index);
    }
  }

  async #open(index: number, sealed: Uint8Array): Promise<void> {
    const { gcm, layout } = this.#options;
    try {
      const isLast = index === layout.segmentCount - 1;
      const plaintext = await openSegment(gcm, sealed, index, isLast, MESSAGE_ID_LENGTH + index * this.#sealedSize);
      this.#cache.set(index, plaintext);
      this.#fetch(index).resolve(plaintext);
    } catch (error) {
      this.#fetch(index).reject(error);
    }
  }

  /** Aborts a segment's run once nobody waits for any of it. */
  #abandon(fetch: Fetch): void {
    const { run } = fetch;
    if (run === undefined) return;
    for (const other of this.#fetches.values()) if (other.run === run && other.waiters > 0) return;
    run.abort();
  }

  #fetch(index: number): Fetch {
    return this.#fetches.get(index) as Fetch;
  }

  get #sealedSize(): number {
    return this.#options.layout.segmentSize + TAG_LENGTH;
  }
}
