import { canOpen, keksOf } from '@keyfold/core';
import type { EnvelopeInfo } from '@keyfold/core';
import { formatKey } from './key-pattern.js';
import type { KeyPattern, NamedKey } from './key-pattern.js';

/** How much depends on one version of one KEK. */
export interface KeyUsageRow extends NamedKey {
  /** Envelopes with a wrapped key of it. */
  envelopes: number;
  /** Envelopes that nothing else opens. */
  lastWayIn: number;
  /** Envelopes that want it and do not have it yet. */
  pending: number;
}

/** Counts what envelopes depend on: by the core's rule of what opens one, over what `inspectFile` says of each. */
export class UsageCounter {
  readonly #rows = new Map<string, KeyUsageRow>();

  add({ wrappedKeys }: EnvelopeInfo): void {
    for (const kek of keksOf(wrappedKeys)) {
      const name = formatKey(kek);
      const { provider, keyId, keyVersion } = kek;
      const row = this.#rows.get(name) ?? { provider, keyId, keyVersion, envelopes: 0, lastWayIn: 0, pending: 0 };
      this.#rows.set(name, row);
      if (kek.pending) row.pending++;
      else {
        row.envelopes++;
        if (!canOpen(wrappedKeys, (other) => formatKey(other) !== name)) row.lastWayIn++;
      }
    }
  }

  /** In the order of their names. */
  rows(): readonly KeyUsageRow[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

/** What becomes of an envelope when keys are destroyed, all at once. */
export function fateOf({ wrappedKeys }: EnvelopeInfo, destroyed: readonly KeyPattern[]): 'untouched' | 'opens' | 'lost' {
  const isGone = (key: NamedKey): boolean => destroyed.some((pattern) => pattern.matches(key));
  if (!keksOf(wrappedKeys).some((key) => !key.pending && isGone(key))) return 'untouched';
  return canOpen(wrappedKeys, (key) => !isGone(key)) ? 'opens' : 'lost';
}
