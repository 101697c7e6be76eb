import { isKeyfoldError } from '../errors/keyfold-error.js';
import type { EncryptionContext } from '../context/encryption-context.js';
import type { Header } from '../format/header.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { keyringContract } from '../keyring/data-key.js';
import { attemptsOf, unwrapFailed } from '../keyring/keyring-error.js';
import type { Keyring } from '../keyring/keyring.js';
import { abortable } from '../cancellation/abortable.js';
import { HeaderVerifier } from '../message/header-verifier.js';

/**
 * Unwraps one new wrapped key with the keyring that made it and verifies the new header's MAC under what comes back: the
 * proof that must stand before an old wrapped key is dropped (specification, "Rewrap").
 *
 * @returns `false` when this keyring cannot unwrap, having only a public key; anything else that fails is thrown
 */
export async function prove(
  wrappedKey: WrappedKey,
  newHeader: Header,
  keyring: Keyring,
  context: EncryptionContext,
  signal: AbortSignal,
): Promise<boolean> {
  const verifier = new HeaderVerifier(newHeader, context.digest);
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => await verifier.accepts(keyMaterial);
  try {
    const unwrap = keyring.unwrap({ wrappedKeys: [wrappedKey], context, accepts, signal });
    const result = await abortable(unwrap, signal, (late) => late?.keyMaterial.fill(0));
    if (result === null) throw keyringContract(keyring, 'does not know a wrapped key that it has just made');
    const proven = verifier.isAccepted(result.keyMaterial) || (await verifier.accepts(result.keyMaterial));
    result.keyMaterial.fill(0);
    if (!proven) throw keyringContract(keyring, 'made a wrapped key that does not give the data key back');
    return true;
  } catch (error) {
    if (isMissingPrivateKey(error)) return false;
    if (isKeyfoldError(error, 'keyring-failed')) throw unwrapFailed(attemptsOf(error, keyring), error);
    throw error;
  } finally {
    verifier.close();
  }
}

/** A keyring with only a public key says `misconfigured` of the wrapped keys that it made. */
function isMissingPrivateKey(error: unknown): boolean {
  if (isKeyfoldError(error, 'keyring-failed')) return error.details.reason === 'misconfigured';
  if (!isKeyfoldError(error, 'unwrap-failed')) return false;
  return error.details.attempts.every(({ reason }) => reason === 'misconfigured');
}
