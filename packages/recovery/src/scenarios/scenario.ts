import type { LossSelector } from './selector.js';

/** Something that may happen: KEKs are lost, all at once. */
export interface Scenario {
  /** Names it in reports: `region eu-west-1`, `region eu-west-1 and region eu-north-1`, or what a named one is called. */
  readonly name: string;
  /** What is lost: a kind of failure domain such as `region`, or `key`; `nothing` for things as they are; or `named`. */
  readonly kind: string;
  /** How many of the kind are lost at once: 1 or 2; 0 when nothing is, and for named ones. */
  readonly size: 0 | 1 | 2;
  /** What is lost. */
  readonly lost: readonly LossSelector[];
}

/** A scenario of your own. */
export interface NamedScenario {
  readonly name: string;
  /** KEKs that any of these names are lost. */
  readonly lost: readonly LossSelector[];
}
