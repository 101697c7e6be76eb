import { couldShare, isSameKey } from './key-arn.js';
import type { KeyArn } from './key-arn.js';

/** How long a remembered target serves for keys that it matches, in ms. */
const MATCH_SERVES = 300_000;
/** How long it serves for keys that it does not match, in ms: the alias may have been repointed meanwhile. */
const MISS_SERVES = 5_000;

/**
 * The key that an alias leads to. AWS KMS is asked when a wrapped key may be of that key, and the answer is remembered:
 * for minutes where it matches, for seconds where it does not, so that a repointed alias is soon noticed and foreign
 * envelopes cause next to no requests.
 */
export class AliasTarget {
  readonly #ask: (signal: AbortSignal) => Promise<KeyArn>;
  #known: { readonly arn: KeyArn; readonly since: number } | undefined;

  /** @param ask - asks AWS KMS */
  constructor(ask: (signal: AbortSignal) => Promise<KeyArn>) {
    this.#ask = ask;
  }

  /** Remembers what AWS KMS told just now, on another occasion. */
  learn(arn: KeyArn): void {
    this.#known = { arn, since: performance.now() };
  }

  /** The target, fresh enough to tell whether one of these ARNs names it; `undefined` if it cannot be any of them. */
  async resolve(arns: readonly KeyArn[], signal: AbortSignal): Promise<KeyArn | undefined> {
    const known = this.#known;
    if (known !== undefined) {
      // An alias may move to another key, never to another account or Region.
      if (!arns.some((arn) => couldShare(known.arn, arn, arn.id))) return undefined;
      const serves = arns.some((arn) => isSameKey(known.arn, arn)) ? MATCH_SERVES : MISS_SERVES;
      if (performance.now() - known.since < serves) return known.arn;
    }
    const since = performance.now();
    const arn = await this.#ask(signal);
    // A wrap may have learnt something newer meanwhile.
    if (this.#known === known || this.#known === undefined) this.#known = { arn, since };
    return this.#known.arn;
  }
}
