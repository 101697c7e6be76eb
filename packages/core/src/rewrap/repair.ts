import { parseDetachedHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { invalidArgument } from '../errors/throw.js';
import type { Attempt } from '../errors/attempt.js';
import { attemptsOf, keyringError } from '../keyring/keyring-error.js';
import type { Kek, Keyring, WrapResult } from '../keyring/keyring.js';
import { describeWrappedKey } from '../message/inspect.js';
import { assertBytes, assertKeyring } from '../message/options.js';
import type { DecryptOptions } from '../message/options.js';
import { multiKeyring } from '../multi/multi-keyring.js';
import { staleRevision } from './refuse.js';
import { resolveRewrapOptions } from './rewrap-options.js';
import type { RewrapOptions } from './rewrap-options.js';
import { rewrap } from './rewrap.js';
import type { RewrapResult } from './rewrap.js';

/** What a repair takes. `keyring` opens the header as it is. */
export interface RepairOptions extends DecryptOptions, Pick<RewrapOptions, 'allowUnproven' | 'minimumRevision' | 'headerPadding'> {
  /**
   * Keyrings of the KEKs that may be pending, configured as when the envelope was written: an alias as the alias. Only those
   * are used that have a pending KEK. Each stands for itself: one that is out of reach does not hold up the others. So give
   * a keyring for each KEK rather than one that needs them all.
   */
  readonly members: readonly Keyring[];
  /** How long one header's wraps may take in all, in ms. What has not answered by then stays pending. Default 30,000. */
  readonly deadline?: number;
}

/** The result of a repair. */
export interface RepairResult extends RewrapResult {
  /** What was tried and failed, and so stays pending. Pending KEKs that no member has are not among it. */
  readonly attempts: readonly Attempt[];
}

/**
 * Fills in the pending wrapped keys of a header: those of KEKs that could not be reached when it was written. Nothing else
 * of it is changed: no key is added, dropped, or moved to another version.
 *
 * A header without pending wrapped keys, or of whose pending KEKs no member is given, is returned as it is without any call
 * to a KMS. KEKs that are still out of reach stay pending, as long as one could be filled in.
 *
 * @param header - a detached header; for an envelope in one piece, its header's bytes
 * @throws as `rewrap`; `wrap-failed` when members with pending KEKs were given and none could be reached
 * @example
 * ```ts
 * const { header: repaired, changes } = await repair(header, { keyring: everydayKey, members: [everydayKey, otherRegion] });
 * ```
 */
export async function repair(header: Uint8Array, options: RepairOptions): Promise<RepairResult> {
  assertBytes(header, 'header');
  const { limits, minimumRevision } = resolveRewrapOptions(options);
  const members = assertMembers(options.members);
  const bytes = new Uint8Array(header);
  const parsed = parseDetachedHeader(bytes, limits);
  const { revision, wrappedKeys } = parsed.wrapping;
  if (revision < minimumRevision) throw staleRevision(revision, minimumRevision);
  const pending = wrappedKeys.filter(isPending);
  const attempts: Attempt[] = [];
  const candidates = members.filter(({ keks }) => keks.some((kek) => isAmong(pending, kek))).map((member) => onlyPending(member, parsed, attempts));
  if (candidates.length === 0) return { header: bytes, changed: false, revision, changes: asItIs(parsed), attempts };
  const { keyring, context, signal, allowUnproven, headerPadding, deadline = 30_000 } = options;
  const result = await rewrap(bytes, {
    keyring,
    wrapWith: multiKeyring({ members: candidates, write: { minimum: 1, patience: deadline }, deadline }),
    limits,
    minimumRevision,
    ...(context === undefined ? {} : { context }),
    ...(signal === undefined ? {} : { signal }),
    ...(allowUnproven === undefined ? {} : { allowUnproven }),
    ...(headerPadding === undefined ? {} : { headerPadding }),
  });
  return { ...result, attempts };
}

/** Whether a header has a pending wrapped key that one of the members could fill in. */
export function isRepairable(wrappedKeys: readonly (Kek & { readonly pending: boolean })[], members: readonly Keyring[]): boolean {
  return wrappedKeys.some((key) => key.pending && members.some(({ keks }) => isAmong(keks, key)));
}

/** Nobody has opened it, so nothing is proven. */
function asItIs({ wrapping }: Header): RepairResult['changes'] {
  return wrapping.wrappedKeys.map((key) => ({ change: isPending(key) ? 'still-pending' : 'kept', key: describeWrappedKey(key), proven: false }));
}

/** A member as far as it has pending KEKs. What it fails with is noted: of the multi-keyring, only that it did is seen. */
function onlyPending(member: Keyring, { wrapping }: Header, attempts: Attempt[]): Keyring {
  const keks = member.keks.filter((kek) => isAmong(wrapping.wrappedKeys.filter(isPending), kek));
  return {
    specificationVersion: 'keyring-v1',
    provider: member.provider,
    name: member.name,
    keks,
    wrap: async (request) => {
      let result: WrapResult;
      try {
        result = await member.wrap(request);
      } catch (error) {
        if (!request.signal.aborted) attempts.push(...attemptsOf(error, member));
        throw error;
      }
      return { wrappedKeys: wantedOf(result.wrappedKeys, member, keks, wrapping.wrappedKeys) };
    },
    unwrap: async (request) => await member.unwrap(request),
  };
}

/**
 * Of what a member wrapped, what is of its pending KEKs. A stored key id may differ from the one that was configured, which
 * may be an alias; the contract has all others be the stored one or its end, and so the others are told.
 */
function wantedOf(made: readonly WrappedKey[], member: Keyring, keks: readonly Kek[], current: readonly WrappedKey[]): readonly WrappedKey[] {
  const others = member.keks.filter((kek) => !keks.includes(kek));
  if (others.length === 0) return made;
  const isOf = (key: WrappedKey, kek: Kek): boolean => key.provider === kek.provider && key.keyId.endsWith(kek.keyId);
  const isThere = (key: WrappedKey): boolean => isAmong(current.filter((old) => !isPending(old)), key);
  const wanted = made.filter((key) => keks.some((kek) => isOf(key, kek)) || (!isThere(key) && !others.some((kek) => isOf(key, kek))));
  if (wanted.length === keks.length) return wanted;
  throw keyringError(
    {
      provider: member.provider,
      keyring: member.name,
      keyId: keks[0]?.keyId ?? '',
      operation: 'wrap',
      reason: 'misconfigured',
      retryable: false,
      remedy: 'Repair with a keyring for each of its keys.',
    },
    'of what it wrapped it cannot be told which key is the pending one.',
  );
}

function isAmong(keks: readonly Kek[], kek: Kek): boolean {
  return keks.some(({ provider, keyId }) => provider === kek.provider && keyId === kek.keyId);
}

function assertMembers(members: readonly Keyring[]): readonly Keyring[] {
  const given: unknown = members;
  if (!Array.isArray(given) || given.length === 0) throw invalidArgument('options.members', 'pass an array of keyrings, at least one.');
  for (const [i, member] of members.entries()) assertKeyring(member, `options.members[${i}]`);
  return members;
}
