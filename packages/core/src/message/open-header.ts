import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import { checkContext } from '../context/check-context.js';
import { encodeWithinLimits } from '../context/context-input.js';
import { digestContext } from '../context/encryption-context.js';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import type { Header } from '../format/header.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { attemptsOf, unwrapFailed } from '../keyring/keyring-error.js';
import type { Keyring, UnwrapRequest, UnwrapResult } from '../keyring/keyring.js';
import { notAccepted } from '../keyring/unwrap-each.js';
import { HeaderVerifier } from './header-verifier.js';
import type { ResolvedDecryptOptions } from './options.js';

/** A header whose MAC verified: from here on it is what the writer wrote. */
export interface OpenedHeader {
  /** 32 bytes. Whoever opened the header wipes it. */
  readonly payloadKey: Uint8Array;
}

/**
 * Steps 2 and 3 of opening (specification, "Opening"): checks the context, and only then asks the keyring to unwrap the
 * data key, whose candidates count when the header's MAC verifies under them.
 *
 * Throws `context-mismatch`, `external-context-missing`, `context-required`, `limit-exceeded`, `no-matching-key`,
 * `unwrap-failed`, `aborted`.
 */
export async function openHeader(header: Header, options: ResolvedDecryptOptions): Promise<OpenedHeader> {
  const { keyring, signal } = options;
  const pairs = checkContext(header.identity.context, options.context);
  const context = await digestContext(pairs, encodeWithinLimits(pairs, options.limits));
  const wrappedKeys = header.wrapping.wrappedKeys.filter((key) => !isPending(key));
  const verifier = new HeaderVerifier(header, context.digest);
  let result: UnwrapResult | null = null;
  try {
    const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => await verifier.accepts(keyMaterial);
    result = await unwrap(keyring, { wrappedKeys, context, accepts, signal });
    if (result === null) throw noMatchingKey(keyring, wrappedKeys);
    // A keyring that returns without asking is asked here; one that asked costs nothing more.
    if (!verifier.verified && !(await verifier.accepts(result.keyMaterial))) {
      throw unwrapFailed(attemptsOf(notAccepted(keyring, result.wrappedKey.keyId), keyring));
    }
    return { payloadKey: verifier.takePayloadKey() };
  } finally {
    result?.keyMaterial.fill(0);
    verifier.close();
  }
}

async function unwrap(keyring: Keyring, request: UnwrapRequest): Promise<UnwrapResult | null> {
  const { signal } = request;
  try {
    return await abortable(keyring.unwrap(request), signal, (late) => late?.keyMaterial.fill(0));
  } catch (error) {
    if (isKeyfoldError(error, 'aborted') || isKeyfoldError(error, 'unwrap-failed')) throw error;
    throwIfAborted(signal);
    throw unwrapFailed(attemptsOf(error, keyring), error);
  }
}

function noMatchingKey(keyring: Keyring, wrappedKeys: readonly WrappedKey[]): KeyfoldError<'no-matching-key'> {
  const list = wrappedKeys.map(({ provider, keyId }) => `\n  ${provider} ${keyId}`).join('');
  return new KeyfoldError(
    'no-matching-key',
    `The keyring ${keyring.name} has none of the keys that open this envelope. Use a keyring with one of them:${list}`,
    { wrappedKeys: wrappedKeys.map(({ provider, keyId }) => ({ provider, keyId })) },
  );
}
