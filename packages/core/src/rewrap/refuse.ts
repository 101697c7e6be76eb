import { KeyfoldError } from '../errors/keyfold-error.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { isNew, resultOf } from './merge-wrapped-keys.js';
import type { MergedKey } from './merge-wrapped-keys.js';

/** Refuses what would leave the envelope with too few ways in. Throws `rewrap-refused`. */
export function assertMinimum(merged: readonly MergedKey[], minimum: number): void {
  const usable = usableOf(merged);
  if (usable.length >= minimum) return;
  const left = usable.length === 1 ? '1 wrapped key' : `${usable.length} wrapped keys`;
  throw refused('minimum', usable, `${left} would be left to open the envelope, the minimum is ${minimum}. Keep or add more.`);
}

/** Refuses a result of which nothing, or something new, was not seen to open it. Throws `rewrap-refused`. */
export function assertProven(merged: readonly MergedKey[], proven: ReadonlySet<WrappedKey>, allowUnproven: boolean): void {
  const unproven = merged.filter(isNew).filter(({ key }) => !proven.has(key));
  if (unproven.length > 0 && !allowUnproven) {
    const remedy = 'Give the keyring the private key, or pass allowUnproven: true if you know that it exists.';
    const keys = unproven.map(({ key }) => key);
    throw refused('unproven', keys, `A new wrapped key cannot be unwrapped here, so nothing proves that it opens. ${remedy}`);
  }
  const usable = usableOf(merged);
  if (usable.some((key) => proven.has(key))) return;
  throw refused('none-proven', usable, 'No wrapped key of the result was seen to open it. Keep one that does.');
}

/** The wrapped keys of the result that open something. */
export function usableOf(merged: readonly MergedKey[]): WrappedKey[] {
  return resultOf(merged).filter((key) => !isPending(key));
}

/** The error for a header that an older one was put in the place of. */
export function staleRevision(found: number, minimum: number): KeyfoldError<'rewrap-refused'> {
  const message = `The header has revision ${found}, at least ${minimum} was expected: an older header was put back. Get the newest one.`;
  return refused('revision', [], message);
}

function refused(
  rule: 'minimum' | 'unproven' | 'none-proven' | 'revision',
  keys: readonly WrappedKey[],
  message: string,
): KeyfoldError<'rewrap-refused'> {
  const named = keys.map(({ provider, keyId }) => ({ provider, keyId }));
  return new KeyfoldError('rewrap-refused', `${message} The header was left as it is.`, { rule, keys: named });
}
