import { primitives } from '@keyfold/core/keyring';
import { combineShares, KEY_LENGTH } from './shamir.js';
import type { Share } from './shamir.js';
import { oneOfEach, subsetsOf } from './subsets.js';

/** Sets of shares that are tried in one opening, at most (specification, "Opening"). */
const MAX_SETS = 1_000;

/**
 * Gathers shares and looks for a set of k that gives the data key. No share can be judged on its own: only the header's MAC
 * tells, of the key that a set gives. So a share is on trial until there are k, and every set is tried once, as soon as it is
 * complete, with whatever wrong ones are among the shares.
 */
export class Combiner {
  readonly #threshold: number;
  readonly #accepts: (keyMaterial: Uint8Array) => Promise<boolean>;
  readonly #onDone: () => void;
  /** What came back, by index. Different keys of one share may have given different bytes. */
  readonly #shares = new Map<number, Share[]>();
  /** Tells those who wait what became of the shares that are on trial. */
  readonly #onTrial = new Set<(isRight: boolean) => void>();
  #dataKey: Uint8Array | undefined;
  #error: { readonly thrown: unknown } | undefined;
  #tried = 0;
  #done = false;
  /** Shares are looked at one after the other: no set is tried twice, and no more than are allowed. */
  #queue: Promise<unknown> = Promise.resolve();

  /** @param onDone - called when the data key is found, or when nothing more can be judged because `accepts` threw */
  constructor(threshold: number, accepts: (keyMaterial: Uint8Array) => Promise<boolean>, onDone: () => void) {
    this.#threshold = threshold;
    this.#accepts = accepts;
    this.#onDone = onDone;
  }

  /** How many different shares came back. */
  get count(): number {
    return this.#shares.size;
  }

  /** Whether somebody waits for a share to be judged. */
  get isWaitedFor(): boolean {
    return this.#onTrial.size > 0;
  }

  /** How many sets were tried, and whether those were all. */
  get tried(): { readonly sets: number; readonly all: boolean } {
    return { sets: this.#tried, all: this.#tried < MAX_SETS };
  }

  has(index: number): boolean {
    return this.#shares.has(index);
  }

  /**
   * Whether what came back for a share is in no set that was tried in vain: `true` also when nothing more needs to be known.
   * While there are too few to tell, it waits, and calls `onTrial`. The bytes are copied before anything else.
   */
  async isRight(index: number, bytes: Uint8Array, onTrial: () => void): Promise<boolean> {
    const share = { index, bytes: new Uint8Array(bytes) };
    const verdict = this.#queue.then(async () => await this.#judge(share));
    this.#queue = verdict;
    const { told } = await verdict;
    if (typeof told === 'boolean') return told;
    onTrial();
    return await told;
  }

  /** The data key, which becomes the caller's to wipe. Throws what `accepts` threw. */
  take(): Uint8Array | undefined {
    if (this.#error !== undefined) throw this.#error.thrown;
    const dataKey = this.#dataKey;
    this.#dataKey = undefined;
    return dataKey;
  }

  /** Wipes every share, and the data key if nobody took it, now or when a late one comes. Nobody waits any longer. */
  close(): void {
    this.#done = true;
    this.#dataKey?.fill(0);
    for (const shares of this.#shares.values()) for (const { bytes } of shares) bytes.fill(0);
    this.#tell(true);
  }

  /** Never rejects. In an object, as a promise in a promise would be waited for by those behind it. */
  async #judge(share: Share): Promise<{ readonly told: boolean | Promise<boolean> }> {
    const known = this.#shares.get(share.index) ?? [];
    const isKey = share.bytes.length === KEY_LENGTH;
    const isNew = isKey && !known.some(({ bytes }) => primitives.equalInConstantTime(bytes, share.bytes));
    if (this.#done || !isNew) share.bytes.fill(0);
    if (this.#done) return { told: true };
    if (!isKey) return { told: false };
    if (isNew) this.#shares.set(share.index, [...known, share]);
    if (this.count < this.#threshold) return { told: new Promise((resolve) => this.#onTrial.add(resolve)) };
    const told = isNew && (await this.#isInSet(share));
    // Those on trial were in the sets that were tried.
    this.#tell(told);
    if (told) this.#onDone();
    return { told };
  }

  /** Whether a set with this share gives the data key. Never rejects. */
  async #isInSet(share: Share): Promise<boolean> {
    for (const set of this.#setsWith(share)) {
      if (this.#done || this.#tried >= MAX_SETS) break;
      this.#tried++;
      try {
        await this.#try(set);
      } catch (thrown) {
        // Of the caller's own `accepts`.
        this.#error = { thrown };
        this.#done = true;
      }
    }
    return this.#done;
  }

  /** Every set of k shares with this one in it: only these are new. */
  *#setsWith(share: Share): Generator<readonly Share[], void, undefined> {
    const others = [...this.#shares].filter(([index]) => index !== share.index).map(([, shares]) => shares);
    for (const lists of subsetsOf(others, this.#threshold - 1)) for (const rest of oneOfEach(lists)) yield [share, ...rest];
  }

  async #try(set: readonly Share[]): Promise<void> {
    const dataKey = await combineShares(set);
    let kept = false;
    try {
      // Whoever gave up meanwhile has wiped what was here, and gets nothing more.
      if (!(await this.#accepts(dataKey)) || this.#done) return;
      this.#dataKey = dataKey;
      this.#done = true;
      kept = true;
    } finally {
      if (!kept) dataKey.fill(0);
    }
  }

  #tell(isRight: boolean): void {
    const waiting = [...this.#onTrial];
    this.#onTrial.clear();
    for (const resolve of waiting) resolve(isRight);
  }
}
