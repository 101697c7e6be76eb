import type { RangeSource } from '../../src/index.js';

export interface WatchedRead {
  readonly offset: number;
  readonly length: number;
  readonly signal: AbortSignal;
}

/** Stands in for a read of the source; `real` is that read. */
type Instead = (read: WatchedRead, real: () => Promise<Uint8Array>) => Promise<Uint8Array>;

/** A source that records what is read of another one, and can be told to do something else instead. */
export class WatchedSource implements RangeSource {
  readonly size: number;
  readonly reads: WatchedRead[] = [];
  instead: Instead | undefined;
  readonly #source: RangeSource;

  constructor(source: RangeSource, instead?: Instead) {
    this.#source = source;
    this.size = source.size;
    this.instead = instead;
  }

  /** Where each read began and how long it was, in order. */
  get ranges(): readonly (readonly [offset: number, length: number])[] {
    return this.reads.map(({ offset, length }) => [offset, length] as const);
  }

  get bytesRead(): number {
    return this.reads.reduce((sum, { length }) => sum + length, 0);
  }

  /** Forgets what was read so far. */
  clear(): void {
    this.reads.length = 0;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const read = { offset, length, signal };
    this.reads.push(read);
    const real = async (): Promise<Uint8Array> => await this.#source.read(offset, length, signal);
    return await (this.instead === undefined ? real() : this.instead(read, real));
  }
}
