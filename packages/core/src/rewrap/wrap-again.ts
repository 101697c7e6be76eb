import type { Identity } from '../format/identity.js';
import type { Limits } from '../format/limits.js';
import { encodeHeader, parseDetachedHeader } from '../format/header.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { keyringContract } from '../keyring/data-key.js';
import type { Keyring } from '../keyring/keyring.js';
import { wrapDataKey } from '../message/make-data-key.js';
import type { UnwrappedHeader } from '../message/open-header.js';
import type { ResolvedRewrapOptions } from './rewrap-options.js';

/** The data key, wrapped once more by the keyring that is to do so, if any. Throws `wrap-failed`, `keyring-contract`, `aborted`. */
export async function wrapAgain(
  identity: Identity,
  { dataKey, context }: UnwrappedHeader,
  { wrapWith, limits, signal }: ResolvedRewrapOptions,
): Promise<readonly WrappedKey[]> {
  if (wrapWith === undefined) return [];
  return copyOf(identity, await wrapDataKey(wrapWith, dataKey, context, signal), wrapWith, limits);
}

/** The wrapped keys as a reader will see them, in memory that the keyring has no hold of. Throws `keyring-contract`. */
function copyOf(identity: Identity, wrappedKeys: readonly WrappedKey[], keyring: Keyring, limits: Limits): readonly WrappedKey[] {
  const anyLength = { ...limits, headerBytes: Infinity };
  try {
    const encoded = encodeHeader(identity, { revision: 0, wrappedKeys, paddingLength: 0 }, anyLength);
    return parseDetachedHeader(encoded, anyLength).wrapping.wrappedKeys;
  } catch (cause) {
    throw keyringContract(keyring, 'returned wrapped keys that no envelope can hold; the cause has the rule', cause);
  }
}
