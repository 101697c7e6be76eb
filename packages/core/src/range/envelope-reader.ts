import { throwIfAborted } from '../cancellation/abortable.js';
import { onAbort } from '../cancellation/on-abort.js';
import { KeyfoldError } from '../errors/keyfold-error.js';
import { invalidArgument } from '../errors/throw.js';
import type { PayloadLayout } from '../format/payload-layout.js';
import type { EnvelopeInfo } from '../message/inspect.js';
import type { SegmentFetcher } from './segment-fetcher.js';

/** Plaintext bytes that are fetched at a time, at least one segment: what a long read or a stream holds besides its result. */
const WINDOW = 1 << 20;

/** A part of the plaintext. Default: all of it. */
export interface PlaintextRange {
  /** Where it begins, in bytes. Default 0. */
  readonly offset?: number;
  /** How long it is, in bytes. Default: up to the end. */
  readonly length?: number;
}

/** An open envelope of which any part can be read. Made by `openEnvelope`. */
export class EnvelopeReader {
  /** What the header says, authentic. */
  readonly info: EnvelopeInfo;
  readonly #layout: PayloadLayout;
  readonly #fetcher: SegmentFetcher;
  readonly #wipe: () => void;
  readonly #closed = new AbortController();

  /** @internal */
  constructor(info: EnvelopeInfo, layout: PayloadLayout, fetcher: SegmentFetcher, wipe: () => void) {
    this.info = info;
    this.#layout = layout;
    this.#fetcher = fetcher;
    this.#wipe = wipe;
  }

  /** The plaintext's length in bytes, authentic. */
  get length(): number {
    return this.#layout.plaintextLength;
  }

  /**
   * A range of the plaintext, every byte of it authenticated. Reads the segments that the range touches and nothing
   * else; reads that are asked for at the same time share them.
   *
   * @param offset - where it begins, in bytes
   * @param length - how long it is, in bytes; up to the end if it is left out
   * @throws `invalid-argument` when it does not lie within the plaintext; `payload-damaged` when one of its segments is
   *   damaged, and then no byte is returned; `truncated` when the source became shorter; `already-used` after `close`;
   *   `aborted`; and whatever the source throws
   */
  async read(
    offset: number,
    length?: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const range = this.#assertRange(offset, length);
    throwIfAborted(options.signal);
    const signals = options.signal === undefined ? [] : [options.signal];
    const result = allocate(range.length);
    try {
      for (let at = 0; at < result.length; ) {
        at += await this.#readWindow(result, at, range.offset + at, signals);
      }
      return result;
    } catch (error) {
      result.fill(0);
      throw error;
    }
  }

  /**
   * A range of the plaintext as a stream, a segment or more at a time, read as it is consumed. Every byte that it gives
   * is authenticated; it fails with the errors of `read`.
   *
   * @throws `invalid-argument`, `already-used` at the call
   */
  stream(range: PlaintextRange & { readonly signal?: AbortSignal } = {}): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { offset, length } = this.#assertRange(range.offset ?? 0, range.length);
    const cancelled = new AbortController();
    const signals = range.signal === undefined ? [cancelled.signal] : [cancelled.signal, range.signal];
    const end = offset + length;
    let at = offset;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          if (at === end) {
            controller.close();
            return;
          }
          const piece = new Uint8Array(Math.min(end, this.#windowEnd(at)) - at);
          at += await this.#readWindow(piece, 0, at, signals);
          controller.enqueue(piece);
          if (at === end) controller.close();
        },
        cancel: (reason) => {
          cancelled.abort(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Wipes the payload key and forgets the segments that were kept. Reads under way fail with `already-used`. */
  close(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort(closedError());
    this.#fetcher.close();
    this.#wipe();
  }

  /** Fills `result` from `at` on with plaintext from `offset` on, as far as one window goes. Returns how far. */
  async #readWindow(
    result: Uint8Array<ArrayBuffer>,
    at: number,
    offset: number,
    signals: readonly AbortSignal[],
  ): Promise<number> {
    if (this.#closed.signal.aborted) throw closedError();
    for (const signal of signals) throwIfAborted(signal);
    const { segmentSize } = this.#layout;
    const end = Math.min(this.#windowEnd(offset), offset + result.length - at);
    const first = Math.floor(offset / segmentSize);
    const segments = await this.#getAll(first, Math.ceil(end / segmentSize) - first, signals);
    for (const [i, segment] of segments.entries()) {
      const start = (first + i) * segmentSize;
      const part = segment.subarray(Math.max(0, offset - start), end - start);
      result.set(part, at + Math.max(0, start - offset));
    }
    return end - offset;
  }

  /** `count` segments from `first` on. The first failure gives up the rest. After `close`, fails with an error that says so. */
  async #getAll(first: number, count: number, signals: readonly AbortSignal[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const waiting = new AbortController();
    const stopWaiting = [...signals, this.#closed.signal].map((signal) =>
      onAbort(signal, () => {
        waiting.abort(signal.reason);
      }),
    );
    try {
      const gets = Array.from({ length: count }, async (_, i) => await this.#fetcher.get(first + i, waiting.signal));
      return await Promise.all(gets);
    } catch (error) {
      waiting.abort(error);
      throw this.#closed.signal.aborted ? closedError() : error;
    } finally {
      for (const stop of stopWaiting) stop();
    }
  }

  /** The end of the window that `offset` lies in: the end of a segment. */
  #windowEnd(offset: number): number {
    const { segmentSize } = this.#layout;
    const window = Math.max(WINDOW, segmentSize);
    return (Math.floor(offset / segmentSize) + window / segmentSize) * segmentSize;
  }

  #assertRange(offset: number, length: number | undefined): { readonly offset: number; readonly length: number } {
    if (this.#closed.signal.aborted) throw closedError();
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.length) {
      throw invalidArgument('offset', `pass an integer from 0 to ${this.length}, the plaintext's length in bytes.`);
    }
    const most = this.length - offset;
    if (length === undefined) return { offset, length: most };
    if (!Number.isSafeInteger(length) || length < 0 || length > most) {
      throw invalidArgument('length', `pass an integer from 0 to ${most}: the plaintext ends at byte ${this.length}.`);
    }
    return { offset, length };
  }
}

function allocate(length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length);
  } catch {
    throw invalidArgument('length', `${length} bytes do not fit into memory; read them in parts, or as a stream.`);
  }
}

function closedError(): KeyfoldError<'already-used'> {
  return new KeyfoldError('already-used', 'This reader was closed; open the envelope again.', { what: 'reader' });
}
