import { invalidArgument } from '../errors/throw.js';
import { MAX_IDS } from './key-usage.js';
import { readWrappedKeys } from './read-headers.js';
import type { NamedHeader, ReportOptions, UnreadableHeader } from './read-headers.js';
import { canOpen, keksOf } from './ways-in.js';
import type { KekVersion } from './ways-in.js';

/** Whether a KEK, or one version of it, can be destroyed. */
export interface DestroyVerdict {
  /** No envelope is lost with it, and every header could be read. */
  readonly safe: boolean;
  /** No envelope has a wrapped key of it, and every header could be read. */
  readonly unused: boolean;
  /** Envelopes with a wrapped key of it. */
  readonly envelopes: number;
  /** Envelopes that nothing else opens. */
  readonly lastWayIn: number;
  /** Ids of up to 100 of those. */
  readonly lastWayInIds: readonly string[];
  readonly unreadable: readonly UnreadableHeader[];
}

/**
 * "Is it safe to destroy this key?", from headers alone. Without `keyVersion`, all versions of the KEK go together.
 *
 * What headers say is not authenticated, and headers that are not among these (backups, replicas) are not counted.
 *
 * @param kek - as headers name it, which is how `keyUsage` does: the resolved identifier, never an alias. An empty
 *   `keyVersion`, which is what a provider without versions has, stands for all of them
 * @throws `invalid-argument`, `aborted`, and whatever the source throws
 * @example
 * ```ts
 * const { safe, lastWayInIds } = await mayDestroy({ provider: 'gcp-kms', keyId, keyVersion: '3' }, headers);
 * ```
 */
export async function mayDestroy(
  kek: { readonly provider: string; readonly keyId: string; readonly keyVersion?: string },
  headers: AsyncIterable<NamedHeader> | Iterable<NamedHeader>,
  options: ReportOptions = {},
): Promise<DestroyVerdict> {
  const keyVersion = assertKek(kek);
  const isIt = (other: KekVersion): boolean =>
    other.provider === kek.provider &&
    other.keyId === kek.keyId &&
    (keyVersion === '' || other.keyVersion === keyVersion);
  const unreadable: UnreadableHeader[] = [];
  const lastWayInIds: string[] = [];
  let envelopes = 0;
  let lastWayIn = 0;
  for await (const { id, wrappedKeys } of readWrappedKeys(headers, unreadable, options)) {
    if (!keksOf(wrappedKeys).some((key) => !key.pending && isIt(key))) continue;
    envelopes++;
    if (canOpen(wrappedKeys, (other) => !isIt(other))) continue;
    lastWayIn++;
    if (lastWayInIds.length < MAX_IDS) lastWayInIds.push(id);
  }
  const allRead = unreadable.length === 0;
  return { safe: allRead && lastWayIn === 0, unused: allRead && envelopes === 0, envelopes, lastWayIn, lastWayInIds, unreadable };
}

/**
 * Refuses what no header could name: the answer would be that nothing depends on it. Returns the version, empty for all.
 */
function assertKek({ provider, keyId, keyVersion = '' }: Partial<KekVersion>): string {
  for (const [name, value] of Object.entries({ provider, keyId })) {
    if (typeof value === 'string' && value !== '') continue;
    throw invalidArgument(`kek.${name}`, 'name the key as headers do, such as { provider, keyId, keyVersion } of a row of keyUsage.');
  }
  if (typeof keyVersion === 'string') return keyVersion;
  throw invalidArgument('kek.keyVersion', 'pass a string, or leave it out for all versions.');
}
