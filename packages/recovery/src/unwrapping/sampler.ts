import type { Group } from '../survey/survey.js';

/**
 * Picks, out of each group of envelopes with the same keys, a number at random, every one with the same chance, as they
 * pass by (Knuth, TAOCP volume 2, algorithm 3.4.2 S). That the choice is no secret is why it need not be a CSPRNG's.
 */
export class Sampler {
  readonly #wanted: number;
  readonly #state = new Map<Group, { left: number; wanted: number }>();

  /** @param wanted - of each group; `Infinity` for all */
  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  takes(group: Group): boolean {
    const state = this.#state.get(group) ?? { left: group.count, wanted: Math.min(this.#wanted, group.count) };
    this.#state.set(group, state);
    // More may have come since they were counted.
    const isTaken = state.left <= 0 ? this.#wanted === Infinity : Math.random() * state.left < state.wanted;
    state.left--;
    if (isTaken) state.wanted--;
    return isTaken;
  }
}
