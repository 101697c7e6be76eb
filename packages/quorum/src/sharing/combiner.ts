import { primitives } from '@keyfold/core/keyring';
import { combineShares, KEY_LENGTH } from './shamir.js';
import type { Share } from './shamir.js';
import { oneOfEach, subsetsOf } from './subsets.js';

/** Sets of shares that are tried in one opening, at most (specification, "Opening"). */
const MAX_SETS = 1_000;

/** What became of a share: the data key is found, or is not in any set with it, or there are too few for a set. */
export type Verdict = 'found' | 'refused' | 'too-few';

/**
 * Gathers shares and looks for a set of k that gives the data key. No share can be judged on its own: only the header's MAC
 * tells, of the key that a set gives. So every set is tried once, as soon as it is complete, with whatever wrong ones are
 * among the shares.
 */
export class Combiner {
  readonly #threshold: number;
  readonly #accepts: (keyMaterial: Uint8Array) => Promise<boolean>;
  /** What came back, by index. Different keys of one share may have given different bytes. */
  readonly #shares = new Map<number, Share[]>();
  #dataKey: Uint8Array | undefined;
  #tried = 0;
  #closed = false;
  /** Shares are looked at one after the other: no set is tried twice, and no more than are allowed. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(threshold: number, accepts: (keyMaterial: Uint8Array) => Promise<boolean>) {
    this.#threshold = threshold;
    this.#accepts = accepts;
  }

  /** How many different shares came back. */
  get count(): number {
    return this.#shares.size;
  }

  /** How many sets were tried, and whether there were more. */
  get tried(): { readonly sets: number; readonly all: boolean } {
    return { sets: this.#tried, all: this.#tried < MAX_SETS };
  }

  has(index: number): boolean {
    return this.#shares.has(index);
  }

  /** Adds what came back for a share. The bytes are copied. Throws what `accepts` throws. */
  async add(index: number, bytes: Uint8Array): Promise<Verdict> {
    const share = { index, bytes: new Uint8Array(bytes) };
    const verdict = this.#queue.then(async () => await this.#judge(share));
    this.#queue = verdict.catch(() => undefined);
    return await verdict;
  }

  /** The data key, which becomes the caller's to wipe. */
  take(): Uint8Array | undefined {
    const dataKey = this.#dataKey;
    this.#dataKey = undefined;
    return dataKey;
  }

  /** Wipes every share, and the data key if nobody took it, now or when a late one comes. */
  close(): void {
    this.#closed = true;
    this.#dataKey?.fill(0);
    for (const shares of this.#shares.values()) for (const { bytes } of shares) bytes.fill(0);
  }

  async #judge(share: Share): Promise<Verdict> {
    const known = this.#shares.get(share.index) ?? [];
    const isNew = share.bytes.length === KEY_LENGTH && !known.some(({ bytes }) => primitives.equalInConstantTime(bytes, share.bytes));
    if (this.#closed || this.#dataKey !== undefined || !isNew) {
      share.bytes.fill(0);
      if (this.#closed || this.#dataKey !== undefined) return 'found';
      return share.bytes.length === KEY_LENGTH && this.count < this.#threshold ? 'too-few' : 'refused';
    }
    this.#shares.set(share.index, [...known, share]);
    if (this.count < this.#threshold) return 'too-few';
    for (const set of this.#setsWith(share)) {
      if (this.#tried >= MAX_SETS) break;
      this.#tried++;
      if (await this.#gives(set)) return 'found';
    }
    return 'refused';
  }

  /** Every set of k shares with this one in it: only these are new. */
  *#setsWith(share: Share): Generator<readonly Share[], void, undefined> {
    const others = [...this.#shares].filter(([index]) => index !== share.index).map(([, shares]) => shares);
    for (const lists of subsetsOf(others, this.#threshold - 1)) for (const rest of oneOfEach(lists)) yield [share, ...rest];
  }

  async #gives(set: readonly Share[]): Promise<boolean> {
    const dataKey = await combineShares(set);
    let kept = false;
    try {
      if (!(await this.#accepts(dataKey))) return false;
      // Whoever gave up meanwhile has wiped what was here, and gets nothing more.
      if (!this.#closed) {
        this.#dataKey = dataKey;
        kept = true;
      }
      return true;
    } finally {
      if (!kept) dataKey.fill(0);
    }
  }
}
