import { parseDetachedHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { compareWrappedKeys } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { describeWrappedKey } from '../message/inspect.js';
import type { WrappedKeyInfo } from '../message/inspect.js';
import { unwrapHeader } from '../message/open-header.js';
import type { UnwrappedHeader } from '../message/open-header.js';
import { assertBytes } from '../message/options.js';
import { isNew, isUnchanged, mergeWrappedKeys, resultOf } from './merge-wrapped-keys.js';
import type { Fate, MergedKey } from './merge-wrapped-keys.js';
import { encodeNext } from './next-header.js';
import { prove, proveAny } from './prove.js';
import { assertMinimum, assertProven, staleRevision, usableOf } from './refuse.js';
import { resolveRewrapOptions } from './rewrap-options.js';
import type { ResolvedRewrapOptions, RewrapOptions } from './rewrap-options.js';
import { wrapAgain } from './wrap-again.js';

/** What became of one wrapped key. */
export interface KeyChange {
  readonly change: Fate;
  readonly key: WrappedKeyInfo;
  /** For `replaced` and `repaired`: what was there before. */
  readonly previous?: WrappedKeyInfo;
  /** Whether it was seen to open the new header: by unwrapping it, or because it opened the old one and was kept. */
  readonly proven: boolean;
}

/** The result of a rewrap. */
export interface RewrapResult {
  /** The new header; the old one's bytes where nothing changed. It has the old one's length wherever that is possible. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** Whether the new header differs from the old one. */
  readonly changed: boolean;
  readonly revision: number;
  readonly changes: readonly KeyChange[];
}

/**
 * Changes which keys open an envelope, by its header alone: the payload is neither read nor moved. Adds, replaces,
 * repairs and removes wrapped keys, and moves them to the newest version of their KEK.
 *
 * Nothing is dropped before every new wrapped key was unwrapped again and the new header's MAC verified under it. Whoever
 * could open the old header and kept it can still open the payload: what that means for removed keys is in the
 * specification, "Security considerations".
 *
 * @param header - a detached header; for an envelope in one piece, its header's bytes
 * @throws `invalid-argument`; the errors of `decrypt` for a header that does not open; `wrap-failed`,
 *   `keyring-contract`; `unwrap-failed` when a new wrapped key does not open; `rewrap-refused`; `limit-exceeded`;
 *   `aborted`
 * @example
 * ```ts
 * const { header: newHeader, changes } = await rewrap(header, { keyring: oldKey, wrapWith: newKey });
 * ```
 */
export async function rewrap(header: Uint8Array, options: RewrapOptions): Promise<RewrapResult> {
  assertBytes(header, 'header');
  const resolved = resolveRewrapOptions(options);
  const bytes = new Uint8Array(header);
  const parsed = parseDetachedHeader(bytes, resolved.limits);
  const { revision } = parsed.wrapping;
  if (revision < resolved.minimumRevision) throw staleRevision(revision, resolved.minimumRevision);
  const opened = await unwrapHeader(parsed, resolved);
  try {
    const merged = mergeWrappedKeys(parsed.wrapping.wrappedKeys, await wrapAgain(parsed.identity, opened, resolved), {
      keks: resolved.wrapWith?.keks ?? [],
      remove: (key) => resolved.remove(describeWrappedKey(key)),
      refresh: resolved.refresh,
    });
    const proven = openedBy(parsed, opened);
    if (isUnchanged(merged)) return { header: bytes, changed: false, revision, changes: describeChanges(merged, proven) };
    assertMinimum(merged, resolved.minimum);
    const next = await encodeNext(parsed, resultOf(merged), opened, resolved);
    await proveAll(merged, proven, next, opened, resolved);
    assertProven(merged, proven, resolved.allowUnproven);
    return { header: next, changed: true, revision: revision + 1, changes: describeChanges(merged, proven) };
  } finally {
    opened.dataKey.fill(0);
    opened.payloadKey.fill(0);
  }
}

/** The wrapped key that opened the old header: it opens the new one too, if it is kept. */
function openedBy(header: Header, { wrappedKey }: UnwrappedHeader): Set<WrappedKey> {
  return new Set(header.wrapping.wrappedKeys.filter((key) => compareWrappedKeys(key, wrappedKey) === 0));
}

/** Adds to `proven` the new wrapped keys that open the new header, and one of the others if the result needs it. */
async function proveAll(
  merged: readonly MergedKey[],
  proven: Set<WrappedKey>,
  next: Uint8Array,
  { context }: UnwrappedHeader,
  { keyring, wrapWith, limits, signal }: ResolvedRewrapOptions,
): Promise<void> {
  const proof = { newHeader: parseDetachedHeader(next, limits), context, signal };
  const proofs = merged.filter(isNew).map(async ({ key }) => {
    if (wrapWith !== undefined && (await prove(key, wrapWith, proof))) proven.add(key);
  });
  // All have ended before the first failure is told: nothing runs on behind the caller's back.
  const results = await Promise.allSettled(proofs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  const usable = usableOf(merged);
  if (usable.some((key) => proven.has(key))) return;
  const opener = await proveAny(usable, keyring, proof);
  for (const key of usable) if (opener !== undefined && compareWrappedKeys(key, opener) === 0) proven.add(key);
}

function describeChanges(merged: readonly MergedKey[], proven: ReadonlySet<WrappedKey>): KeyChange[] {
  return merged.map(({ fate, key, previous }) => ({
    change: fate,
    key: describeWrappedKey(key),
    ...(previous === undefined ? {} : { previous: describeWrappedKey(previous) }),
    proven: proven.has(key),
  }));
}
