import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { checkContext } from '../context/check-context.js';
import { encodeWithinLimits } from '../context/context-input.js';
import { copyOfContext, digestContext } from '../context/encryption-context.js';
import type { EncryptionContext } from '../context/encryption-context.js';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import type { Header } from '../format/header.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { isUnwrapResult, keyringContract, wipeKeyMaterial } from '../keyring/data-key.js';
import { attemptsOf, unwrapFailed } from '../keyring/keyring-error.js';
import type { Keyring, UnwrapRequest, UnwrapResult } from '../keyring/keyring.js';
import { listKeks } from '../keyring/list-keks.js';
import { notAccepted } from '../keyring/unwrap-each.js';
import { HeaderVerifier } from './header-verifier.js';
import type { ResolvedDecryptOptions } from './options.js';

/** The payload key of a header whose MAC verified: from here on it is what the writer wrote. */
export interface OpenedHeader {
  /** 32 bytes. Whoever opened the header wipes it. */
  readonly payloadKey: Uint8Array;
}

/** The data key of a header whose MAC verified under it, and where it came from. */
export interface UnwrappedHeader extends OpenedHeader {
  /** 32 bytes. Whoever opened the header wipes it. */
  readonly dataKey: Uint8Array;
  /** The wrapped key that opened it. */
  readonly wrappedKey: WrappedKey;
  readonly context: EncryptionContext;
}

/**
 * Steps 2 and 3 of opening (specification, "Opening"): checks the context, and only then asks the keyring to unwrap the
 * data key, whose candidates count when the header's MAC verifies under them.
 *
 * Throws `context-mismatch`, `external-context-missing`, `context-required`, `limit-exceeded`, `no-matching-key`,
 * `unwrap-failed`, `keyring-contract`, `aborted`.
 */
export async function openHeader(header: Header, options: ResolvedDecryptOptions): Promise<OpenedHeader> {
  const { dataKey, payloadKey } = await unwrapHeader(header, options);
  dataKey.fill(0);
  return { payloadKey };
}

/** As `openHeader`, for those who wrap the data key again. */
export async function unwrapHeader(header: Header, options: ResolvedDecryptOptions): Promise<UnwrappedHeader> {
  const { keyring, signal } = options;
  const pairs = checkContext(header.identity.context, options.context);
  const context = await digestContext(pairs, encodeWithinLimits(pairs, options.limits));
  const wrappedKeys = header.wrapping.wrappedKeys.filter((key) => !isPending(key));
  const verifier = new HeaderVerifier(header, context.digest);
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => await verifier.accepts(keyMaterial);
  let result: UnwrapResult | null = null;
  try {
    result = await unwrap(keyring, { wrappedKeys, context: copyOfContext(context), accepts, signal });
    if (result === null) throw noMatchingKey(keyring, wrappedKeys);
    if (!isUnwrapResult(result)) throw keyringContract(keyring, 'returned no key material, or no wrapped key with it');
    const { keyMaterial, wrappedKey } = result;
    // What a keyring returns must be what was accepted, whether or not it asked.
    if (!verifier.isAccepted(keyMaterial) && !(await verifier.accepts(keyMaterial))) {
      throw unwrapFailed(attemptsOf(notAccepted(keyring, wrappedKey.keyId), keyring));
    }
    const opened = { dataKey: keyMaterial, wrappedKey, context, payloadKey: verifier.takePayloadKey() };
    result = null;
    return opened;
  } finally {
    wipeKeyMaterial(result);
    verifier.close();
  }
}

async function unwrap(keyring: Keyring, request: UnwrapRequest): Promise<UnwrapResult | null> {
  const { signal } = request;
  try {
    return await abortable(keyring.unwrap(request), signal, wipeKeyMaterial);
  } catch (error) {
    if (isKeyfoldError(error, 'aborted') || isKeyfoldError(error, 'unwrap-failed')) throw error;
    throwIfAborted(signal);
    throw unwrapFailed(attemptsOf(error, keyring), error);
  }
}

function noMatchingKey(keyring: Keyring, wrappedKeys: readonly WrappedKey[]): KeyfoldError<'no-matching-key'> {
  return new KeyfoldError(
    'no-matching-key',
    `The keyring ${keyring.name} has none of the keys that open this envelope. Use a keyring with one of them:${listKeks(wrappedKeys)}`,
    { wrappedKeys: wrappedKeys.map(({ provider, keyId }) => ({ provider, keyId })) },
  );
}
