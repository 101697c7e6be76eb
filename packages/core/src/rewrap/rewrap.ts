import { KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded } from '../errors/throw.js';
import { MAX_PADDING, MAX_REVISION } from '../format/constants.js';
import { encodeHeader, parseDetachedHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { compareWrappedKeys, isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { writeHeaderMac } from '../keys/header-mac.js';
import { deriveMessageKeys } from '../keys/message-keys.js';
import { describeWrappedKey } from '../message/inspect.js';
import type { WrappedKeyInfo } from '../message/inspect.js';
import { wrapDataKey } from '../message/make-data-key.js';
import { unwrapHeader } from '../message/open-header.js';
import type { UnwrappedHeader } from '../message/open-header.js';
import { assertBytes } from '../message/options.js';
import { mergeWrappedKeys, resultOf } from './merge-wrapped-keys.js';
import type { Fate, MergedKey } from './merge-wrapped-keys.js';
import { prove } from './prove.js';
import { resolveRewrapOptions } from './rewrap-options.js';
import type { ResolvedRewrapOptions, RewrapOptions } from './rewrap-options.js';

/** What became of one wrapped key. */
export interface KeyChange {
  readonly change: Fate;
  readonly key: WrappedKeyInfo;
  /** For `replaced`: what was there before. */
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
 * specification, "Rewrap".
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
    const { wrapWith } = resolved;
    const fresh =
      wrapWith === undefined ? [] : await wrapDataKey(wrapWith, opened.dataKey, opened.context, resolved.signal);
    const merged = mergeWrappedKeys(parsed.wrapping.wrappedKeys, fresh, wrapWith?.keks ?? [], (key) =>
      resolved.remove(describeWrappedKey(key)),
    );
    if (!resolved.refresh && merged.every(isAsBefore)) {
      const kept = merged.map((one) => (one.previous === undefined ? one : { fate: 'kept' as const, key: one.previous }));
      return { header: bytes, changed: false, revision, changes: describeChanges(kept, openedBy(parsed, opened)) };
    }
    assertMinimum(merged, resolved.minimum);
    const next = await encodeNext(parsed, resultOf(merged), opened, resolved);
    const proven = openedBy(parsed, opened);
    await proveAll(merged, proven, parseDetachedHeader(next, resolved.limits), opened, resolved);
    assertProven(merged, proven, resolved.allowUnproven);
    return { header: next, changed: true, revision: revision + 1, changes: describeChanges(merged, proven) };
  } finally {
    opened.dataKey.fill(0);
    opened.payloadKey.fill(0);
  }
}

/** Whether a wrapped key is in the new header what it was in the old one, as far as can be told. */
function isAsBefore({ fate, key, previous }: MergedKey): boolean {
  return fate === 'kept' || fate === 'still-pending' || (fate === 'replaced' && key.keyVersion === previous?.keyVersion);
}

/** The new header: identity as it was, wrapping new, revision one more, and the old length if padding can make it so. */
async function encodeNext(
  header: Header,
  wrappedKeys: readonly WrappedKey[],
  opened: UnwrappedHeader,
  options: ResolvedRewrapOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { identity } = header;
  const revision = header.wrapping.revision + 1;
  if (revision > MAX_REVISION) {
    throw limitExceeded('revision', MAX_REVISION, revision, 'Encrypt the data again: this header has been rewrapped too often.');
  }
  const bare = encodeHeader(identity, { revision, wrappedKeys, paddingLength: 0 }, options.limits);
  const missing = header.length - bare.length;
  const paddingLength = missing >= 0 && missing <= MAX_PADDING ? missing : options.headerPadding;
  const next = encodeHeader(identity, { revision, wrappedKeys, paddingLength }, options.limits);
  const { payloadKey, headerKey } = await deriveMessageKeys(opened.dataKey, identity, opened.context.digest);
  try {
    await writeHeaderMac(headerKey, next);
    return next;
  } finally {
    payloadKey.fill(0);
    headerKey.fill(0);
  }
}

/** The wrapped key that opened the old header: it opens the new one too, if it is kept. */
function openedBy(header: Header, { wrappedKey }: UnwrappedHeader): Set<WrappedKey> {
  return new Set(header.wrapping.wrappedKeys.filter((key) => compareWrappedKeys(key, wrappedKey) === 0));
}

/** Adds to `proven` the new wrapped keys that open the new header. */
async function proveAll(
  merged: readonly MergedKey[],
  proven: Set<WrappedKey>,
  newHeader: Header,
  opened: UnwrappedHeader,
  options: ResolvedRewrapOptions,
): Promise<void> {
  const { wrapWith, signal } = options;
  if (wrapWith === undefined) return;
  const proofs = merged.filter(isNew).map(async ({ key }) => {
    if (await prove(key, newHeader, wrapWith, opened.context, signal)) proven.add(key);
  });
  // All have ended before the first failure is told: nothing runs on behind the caller's back.
  const results = await Promise.allSettled(proofs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Refuses what would leave the envelope with too few ways in. Throws `rewrap-refused`. */
function assertMinimum(merged: readonly MergedKey[], minimum: number): void {
  const usable = usableOf(merged);
  if (usable.length >= minimum) return;
  const left = usable.length === 1 ? '1 wrapped key' : `${usable.length} wrapped keys`;
  throw refused('minimum', usable, `${left} would be left to open the envelope, the minimum is ${minimum}. Keep or add more.`);
}

/** Refuses a result of which nothing, or something new, was not seen to open it. Throws `rewrap-refused`. */
function assertProven(merged: readonly MergedKey[], proven: ReadonlySet<WrappedKey>, allowUnproven: boolean): void {
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

function usableOf(merged: readonly MergedKey[]): WrappedKey[] {
  return resultOf(merged).filter((key) => !isPending(key));
}

/** Whether a wrapped key was made by this rewrap. */
function isNew({ fate, key }: MergedKey): boolean {
  return !isPending(key) && (fate === 'added' || fate === 'replaced' || fate === 'repaired');
}

function describeChanges(merged: readonly MergedKey[], proven: ReadonlySet<WrappedKey>): KeyChange[] {
  return merged.map(({ fate, key, previous }) => ({
    change: fate,
    key: describeWrappedKey(key),
    ...(previous === undefined ? {} : { previous: describeWrappedKey(previous) }),
    proven: proven.has(key),
  }));
}

function staleRevision(found: number, minimum: number): KeyfoldError<'rewrap-refused'> {
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
