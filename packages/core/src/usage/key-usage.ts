import { canOpen, keksOf } from './ways-in.js';
import type { KekVersion } from './ways-in.js';
import { readWrappedKeys } from './read-headers.js';
import type { NamedHeader, ReportOptions, UnreadableHeader } from './read-headers.js';

/** How much depends on one version of one KEK. */
export interface KeyUsage extends KekVersion {
  /** Envelopes with a wrapped key of it. */
  readonly envelopes: number;
  /** Envelopes that nothing else opens: they are lost with it. */
  readonly lastWayIn: number;
  /** Ids of up to 100 of those. */
  readonly lastWayInIds: readonly string[];
  /** Envelopes that want it and do not have it yet. */
  readonly pending: number;
}

/** What a set of headers depends on. */
export interface KeyUsageReport {
  readonly envelopes: number;
  /** In the order of provider, key id and version. */
  readonly keys: readonly KeyUsage[];
  readonly unreadable: readonly UnreadableHeader[];
}

/** Ids that a report lists, at most. */
export const MAX_IDS = 100;

/**
 * What depends on which KEK and version, from headers alone: no key is touched. What headers say is not authenticated, so
 * trust the answer as far as you trust the store.
 *
 * @throws `invalid-argument`, `aborted`, and whatever the source throws
 * @example
 * ```ts
 * const { keys } = await keyUsage(rows.map(({ id, header }) => ({ id, header })));
 * console.table(keys);
 * ```
 */
export async function keyUsage(
  headers: AsyncIterable<NamedHeader> | Iterable<NamedHeader>,
  options: ReportOptions = {},
): Promise<KeyUsageReport> {
  const counters = new Map<string, UsageCounter>();
  const unreadable: UnreadableHeader[] = [];
  let envelopes = 0;
  for await (const { id, wrappedKeys } of readWrappedKeys(headers, unreadable, options)) {
    envelopes++;
    for (const kek of keksOf(wrappedKeys)) {
      const name = nameOf(kek);
      const counter = counters.get(name) ?? new UsageCounter(kek);
      counters.set(name, counter);
      if (kek.pending) counter.pending++;
      else counter.count(id, !canOpen(wrappedKeys, (other) => nameOf(other) !== name));
    }
  }
  const keys = [...counters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counter]) => counter.usage());
  return { envelopes, keys, unreadable };
}

class UsageCounter {
  pending = 0;
  readonly #kek: KekVersion;
  readonly #lastWayInIds: string[] = [];
  #envelopes = 0;
  #lastWayIn = 0;

  constructor({ provider, keyId, keyVersion }: KekVersion) {
    this.#kek = { provider, keyId, keyVersion };
  }

  count(id: string, isLastWayIn: boolean): void {
    this.#envelopes++;
    if (!isLastWayIn) return;
    this.#lastWayIn++;
    if (this.#lastWayInIds.length < MAX_IDS) this.#lastWayInIds.push(id);
  }

  usage(): KeyUsage {
    return {
      ...this.#kek,
      envelopes: this.#envelopes,
      lastWayIn: this.#lastWayIn,
      lastWayInIds: this.#lastWayInIds,
      pending: this.pending,
    };
  }
}

function nameOf({ provider, keyId, keyVersion }: KekVersion): string {
  return `${provider} ${keyId} ${keyVersion}`;
}
