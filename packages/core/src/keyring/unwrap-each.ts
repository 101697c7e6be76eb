import { throwIfAborted } from '../cancellation/abortable.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { attemptsOf, keyringError, unwrapFailed } from './keyring-error.js';
import type { Keyring, UnwrapRequest, UnwrapResult } from './keyring.js';

/**
 * The body of `unwrap` for a keyring of one provider: tries the wrapped keys that are its own one after the other, goes
 * on when one fails or is not accepted, and returns, throws or answers `null` as the contract wants it.
 *
 * @param match - called for each wrapped key of this provider. Returns a function that unwraps it, or `undefined` when
 *   the wrapped key is not of a configured KEK. Compare its fields with your configuration here; they are hostile.
 * @example
 * ```ts
 * unwrap(request) {
 *   return unwrapEach(this, request, (wrappedKey) =>
 *     wrappedKey.keyId === this.keyId ? () => this.#decrypt(wrappedKey.ciphertext, request) : undefined);
 * }
 * ```
 */
export async function unwrapEach(
  keyring: Pick<Keyring, 'provider' | 'name'>,
  request: UnwrapRequest,
  match: (wrappedKey: WrappedKey) => (() => Promise<Uint8Array>) | undefined,
): Promise<UnwrapResult | null> {
  const failures: unknown[] = [];
  for (const wrappedKey of request.wrappedKeys) {
    if (wrappedKey.provider !== keyring.provider) continue;
    const unwrap = match(wrappedKey);
    if (unwrap === undefined) continue;
    throwIfAborted(request.signal);
    let keyMaterial: Uint8Array | undefined;
    let accepted = false;
    try {
      keyMaterial = await unwrap();
      accepted = await request.accepts(keyMaterial);
      if (accepted) return { keyMaterial, wrappedKey };
      throwIfAborted(request.signal);
      failures.push(notAccepted(keyring, wrappedKey.keyId));
    } catch (error) {
      if (isKeyfoldError(error, 'aborted')) throw error;
      failures.push(error);
    } finally {
      if (!accepted) keyMaterial?.fill(0);
    }
  }
  if (failures.length === 0) return null;
  if (failures.length === 1) throw failures[0];
  throw unwrapFailed(failures.flatMap((failure) => attemptsOf(failure, keyring)), failures[0]);
}

/**
 * The error for key material that came back and is not the right one. Keyrings throw the same one when a wrapped key
 * does not verify, so that before the MAC verified the two cannot be told apart from outside.
 */
export function notAccepted(keyring: Pick<Keyring, 'provider' | 'name'>, keyId: string): Error {
  return keyringError(
    {
      provider: keyring.provider,
      keyring: keyring.name,
      keyId,
      operation: 'unwrap',
      reason: 'integrity',
      retryable: false,
      remedy:
        'Check that the envelope is unaltered, that the key is the one it was written under, and every external context value.',
    },
    'the wrapped key did not give the data key of this envelope.',
  );
}
