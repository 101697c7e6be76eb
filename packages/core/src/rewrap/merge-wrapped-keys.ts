import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { Kek } from '../keyring/keyring.js';

/** What becomes of one wrapped key in a rewrap. */
export type Fate = 'added' | 'replaced' | 'repaired' | 'kept' | 'removed' | 'still-pending';

/** One wrapped key of the old or the new header. */
export interface MergedKey {
  readonly fate: Fate;
  readonly key: WrappedKey;
  /** For `replaced`: the wrapped key of the same KEK that it takes the place of. */
  readonly previous?: WrappedKey;
}

/**
 * What the wrapped keys of a header become when `fresh` ones join `current` ones.
 *
 * - a fresh one takes the place of the current one of the same KEK, whatever its version
 * - a pending one of a KEK in `keks`, which the fresh ones were made with, is repaired, unless it is pending again
 * - a fresh pending one never takes the place of a current one that works
 * - of the rest, those that `remove` wants go
 */
export function mergeWrappedKeys(
  current: readonly WrappedKey[],
  fresh: readonly WrappedKey[],
  keks: readonly Kek[],
  remove: (key: WrappedKey) => boolean,
): MergedKey[] {
  const made = fresh.filter((key) => !isPending(key));
  const failed = fresh.filter(isPending);
  const merged: MergedKey[] = [];
  const taken = new Set<WrappedKey>();
  for (const key of made) {
    const previous = current.find((old) => sameKek(old, key) && !taken.has(old));
    if (previous !== undefined) taken.add(previous);
    merged.push(previous === undefined ? { fate: 'added', key } : { fate: isPending(previous) ? 'repaired' : 'replaced', key, previous });
  }
  for (const key of current) {
    if (taken.has(key)) continue;
    const supersededVersion = made.some((other) => sameKek(other, key));
    const repaired = isPending(key) && isAmong(keks, key) && !isAmong(failed, key);
    if (supersededVersion || repaired || remove(key)) merged.push({ fate: repaired ? 'repaired' : 'removed', key });
    else merged.push({ fate: isPending(key) ? 'still-pending' : 'kept', key });
  }
  for (const key of failed) {
    if (!isAmong(current, key)) merged.push({ fate: 'still-pending', key });
  }
  return merged;
}

/** The wrapped keys that the new header holds. */
export function resultOf(merged: readonly MergedKey[]): WrappedKey[] {
  return merged.filter(({ fate, key }) => fate !== 'removed' && !(fate === 'repaired' && isPending(key))).map(({ key }) => key);
}

function sameKek(a: Kek, b: Kek): boolean {
  return a.provider === b.provider && a.keyId === b.keyId;
}

function isAmong(keks: readonly Kek[], kek: Kek): boolean {
  return keks.some((other) => sameKek(other, kek));
}
