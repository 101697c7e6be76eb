import { compareWrappedKeys, isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { Kek } from '../keyring/keyring.js';
import { describeWrappedKey } from '../message/inspect.js';
import type { WrappedKeyInfo } from '../message/inspect.js';

/** What becomes of one wrapped key in a rewrap. */
export type Fate = 'added' | 'replaced' | 'repaired' | 'kept' | 'removed' | 'still-pending';

/** One wrapped key of the old or the new header. */
export interface MergedKey {
  readonly fate: Fate;
  readonly key: WrappedKey;
  /** For `replaced` and `repaired`: the wrapped key of the same KEK that it takes the place of. */
  readonly previous?: WrappedKey;
}

/** How wrapped keys are merged. */
export interface MergeOptions {
  /** The KEKs that the fresh ones were made with, as they are configured. */
  readonly keks: readonly Kek[];
  /** Which of the current ones are to go. */
  readonly remove: (key: WrappedKey) => boolean;
  /** Whether a fresh one takes the place of a current one also where the two are alike. */
  readonly refresh: boolean;
}

/**
 * What the wrapped keys of a header become when `fresh` ones join `current` ones.
 *
 * - a fresh one takes the place of the current ones of the same KEK, whatever their version; one that is alike is kept
 * - a pending one whose KEK is among `keks` is repaired, unless it is pending again
 * - a fresh pending one never takes the place of a current one of its KEK, which then stays even if it was to go
 * - of the rest, those that `remove` wants go
 */
export function mergeWrappedKeys(
  current: readonly WrappedKey[],
  fresh: readonly WrappedKey[],
  options: MergeOptions,
): MergedKey[] {
  const made = fresh.filter((key) => !isPending(key));
  const failed = fresh.filter(isPending);
  const merged: MergedKey[] = [];
  const taken = new Set<WrappedKey>();
  for (const key of made) {
    const sameKeks = current.filter((old) => sameKek(old, key) && !taken.has(old));
    const previous = sameKeks.find((old) => areAlike(old, key)) ?? sameKeks[0];
    if (previous !== undefined) taken.add(previous);
    merged.push(fateOf(key, previous, options.refresh));
  }
  for (const key of current) {
    if (taken.has(key)) continue;
    const isSuperseded = made.some((other) => sameKek(other, key));
    const failedAgain = isAmong(failed, key);
    const isRepaired = isPending(key) && !failedAgain && isAmong(options.keks, key);
    if (isRepaired) merged.push({ fate: 'repaired', key });
    else if (isSuperseded || (!failedAgain && options.remove(key))) merged.push({ fate: 'removed', key });
    else merged.push({ fate: isPending(key) ? 'still-pending' : 'kept', key });
  }
  for (const key of failed) {
    if (!isAmong(current, key)) merged.push({ fate: 'added', key });
  }
  return merged;
}

/** The wrapped keys that the new header holds. */
export function resultOf(merged: readonly MergedKey[]): WrappedKey[] {
  return merged.filter(({ fate, key }) => fate !== 'removed' && !(fate === 'repaired' && isPending(key))).map(({ key }) => key);
}

/** Whether the new header would hold what the old one does. */
export function isUnchanged(merged: readonly MergedKey[]): boolean {
  return merged.every(({ fate }) => fate === 'kept' || fate === 'still-pending');
}

/** Whether a wrapped key was made by this rewrap and opens something. */
export function isNew({ fate, key }: MergedKey): boolean {
  return !isPending(key) && (fate === 'added' || fate === 'replaced' || fate === 'repaired');
}

function fateOf(key: WrappedKey, previous: WrappedKey | undefined, refresh: boolean): MergedKey {
  if (previous === undefined) return { fate: 'added', key };
  if (isPending(previous)) return { fate: 'repaired', key, previous };
  if (!refresh && areAlike(previous, key)) return { fate: 'kept', key: previous };
  return { fate: 'replaced', key, previous };
}

/**
 * Whether two wrapped keys were made in one way: under the same version of the same KEK with the same algorithm, and
 * quorums with the same threshold over the same keys. Only their bytes differ then.
 */
function areAlike(a: WrappedKey, b: WrappedKey): boolean {
  return compareWrappedKeys(a, b) === 0 && shapeOf(describeWrappedKey(a)) === shapeOf(describeWrappedKey(b));
}

function shapeOf({ provider, keyId, keyVersion, algorithm, quorum }: WrappedKeyInfo): string {
  // Which share is under which key does not matter, nor what its number is.
  const shares = quorum?.shares.map(({ wrappedKeys }) => wrappedKeys.map(shapeOf).join()).toSorted();
  return JSON.stringify([provider, keyId, keyVersion, algorithm, quorum?.threshold, shares]);
}

function sameKek(a: Kek, b: Kek): boolean {
  return a.provider === b.provider && a.keyId === b.keyId;
}

function isAmong(keks: readonly Kek[], kek: Kek): boolean {
  return keks.some((other) => sameKek(other, kek));
}
