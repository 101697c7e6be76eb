import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import { limitExceeded } from '../errors/throw.js';
import { MAX_PADDING, MAX_REVISION, MAX_WRAPPED_KEYS } from '../format/constants.js';
import { encodeHeader } from '../format/header.js';
import type { Header } from '../format/header.js';
import type { Identity } from '../format/identity.js';
import type { Limits } from '../format/limits.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { Wrapping } from '../format/wrapping.js';
import { writeHeaderMac } from '../keys/header-mac.js';
import { deriveMessageKeys } from '../keys/message-keys.js';
import { describeWrappedKey } from '../message/inspect.js';
import type { WrappedKeyInfo } from '../message/inspect.js';
import type { UnwrappedHeader } from '../message/open-header.js';
import type { ResolvedRewrapOptions } from './rewrap-options.js';

/**
 * The new header: identity as it was, wrapping new, revision one more, and the old length if padding can make it so.
 * Throws `limit-exceeded`, `invalid-argument`.
 */
export async function encodeNext(
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
  const bare = encodeWrapping(identity, { revision, wrappedKeys, paddingLength: 0 }, options.limits);
  const missing = header.length - bare.length;
  const paddingLength = missing >= 0 && missing <= MAX_PADDING ? missing : options.headerPadding;
  const next = encodeWrapping(identity, { revision, wrappedKeys, paddingLength }, options.limits);
  const { payloadKey, headerKey } = await deriveMessageKeys(opened.dataKey, identity, opened.context.digest);
  try {
    await writeHeaderMac(headerKey, next);
    return next;
  } finally {
    payloadKey.fill(0);
    headerKey.fill(0);
  }
}

/** Encodes new wrapped keys beside those that stay, each of which is well-formed. Throws when they cannot stand together. */
function encodeWrapping(identity: Identity, wrapping: Wrapping, limits: Limits): Uint8Array<ArrayBuffer> {
  try {
    return encodeHeader(identity, wrapping, limits);
  } catch (cause) {
    if (!isKeyfoldError(cause, 'malformed')) throw cause;
    if (cause.details.rule === 'wrapped-count') {
      const count = wrapping.wrappedKeys.flatMap((key) => [key, ...leavesOf(key)]).length;
      throw limitExceeded('wrappedKeys', MAX_WRAPPED_KEYS, count, 'Remove wrapped keys, or add fewer.');
    }
    const message = 'options.wrapWith: one of its keys stands in the header in another place, such as a share of a quorum. Remove the one or the other.';
    throw new KeyfoldError('invalid-argument', message, { argument: 'options.wrapWith' }, cause);
  }
}

function leavesOf(key: WrappedKey): readonly WrappedKeyInfo[] {
  return describeWrappedKey(key).quorum?.shares.flatMap(({ wrappedKeys }) => wrappedKeys) ?? [];
}
