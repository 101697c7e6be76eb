import { canOpen, inspect, isKeyfoldError } from '@keyfold/core';
import type { Limits, NamedHeader, UnreadableHeader, WrappedKeyInfo } from '@keyfold/core';
import { abortableItems, KeyfoldError } from '@keyfold/core/keyring';
import { KeyDirectory } from '../domains/key-directory.js';
import type { DomainOptions, KnownKek } from '../domains/key-directory.js';
import { kekOf, keySetOf } from './key-set.js';
import type { KeySet } from './key-set.js';

/** A header to drill with, or one that its store could not give. */
export type DrillHeader = NamedHeader | UnreadableHeader;

/** A number of envelopes, and the ids of the first of them. */
export interface Envelopes {
  readonly count: number;
  /** At most as many as `maximumIds` says. */
  readonly ids: readonly string[];
}

/** Envelopes with the same ways in. */
export interface Group extends KeySet {
  count: number;
  readonly ids: string[];
}

/** Different sets of keys that are told apart. More, and memory would depend on the number of envelopes after all. */
export const MAX_GROUPS = 100_000;

/** What headers say, added up: as large as the number of different sets of keys, whatever the number of envelopes. */
export class Survey {
  readonly directory: KeyDirectory;
  readonly groups = new Map<string, Group>();
  readonly unreadable: UnreadableHeader[] = [];
  envelopes = 0;
  unreadableCount = 0;
  readonly #maximumIds: number;

  constructor(options: DomainOptions, maximumIds: number) {
    this.directory = new KeyDirectory(options);
    this.#maximumIds = maximumIds;
  }

  add(id: string, wrappedKeys: readonly WrappedKeyInfo[]): void {
    const keySet = keySetOf(wrappedKeys, this.directory);
    const group = this.groups.get(keySet.name) ?? this.#open(keySet);
    this.envelopes++;
    group.count++;
    if (group.ids.length < this.#maximumIds) group.ids.push(id);
  }

  addUnreadable(header: UnreadableHeader): void {
    this.unreadableCount++;
    if (this.unreadable.length < this.#maximumIds) this.unreadable.push(header);
  }

  #open(keySet: KeySet): Group {
    if (this.groups.size === MAX_GROUPS) {
      throw new KeyfoldError('limit-exceeded', `The envelopes have more than ${MAX_GROUPS} different sets of keys. Drill them in several parts.`, {
        limit: 'keySets',
        maximum: MAX_GROUPS,
        actual: MAX_GROUPS + 1,
      });
    }
    const group = { ...keySet, count: 0, ids: [] };
    this.groups.set(keySet.name, group);
    return group;
  }
}

/** What was read of one header. */
export type ReadHeader = { readonly id: string; readonly header: Uint8Array; readonly wrappedKeys: readonly WrappedKeyInfo[]; readonly length: number } | UnreadableHeader;

/** Each header in turn, read or not. Throws `aborted`, `invalid-argument`, and whatever the source throws. */
export async function* readHeaders(
  headers: AsyncIterable<DrillHeader> | Iterable<DrillHeader>,
  limits: Partial<Limits> | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReadHeader, void, undefined> {
  for await (const item of abortableItems(headers, signal)) {
    if ('error' in item) {
      yield item;
      continue;
    }
    const { id, header } = item;
    try {
      const { wrappedKeys, headerLength } = inspect(header, { payloadLength: 0, ...(limits === undefined ? {} : { limits }) });
      yield { id, header, wrappedKeys, length: headerLength };
    } catch (error) {
      if (!isKeyfoldError(error)) throw error;
      yield { id, error };
    }
  }
}

/** What is left of a group when KEKs are lost. */
export type Fate = 'opens' | 'last-key' | 'lost';

/**
 * `lost` when nothing opens its envelopes any more; `last-key` when one more KEK would do: there is one that all the ways
 * in need.
 */
export function fateOf(group: KeySet, isLost: (kek: KnownKek) => boolean): Fate {
  const opens = (gone: (kek: KnownKek) => boolean): boolean => canOpen(group.wrappedKeys, (leaf) => !gone(kekOf(leaf)));
  if (!opens(isLost)) return 'lost';
  const left = group.keks.filter((kek) => !isLost(kek));
  return left.every((last) => opens((kek) => kek === last || isLost(kek))) ? 'opens' : 'last-key';
}
