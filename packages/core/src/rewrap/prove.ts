import { abortable } from '../cancellation/abortable.js';
import type { EncryptionContext } from '../context/encryption-context.js';
import { formatAttempts } from '../errors/attempt.js';
import type { Attempt } from '../errors/attempt.js';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import type { Header } from '../format/header.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { keyringContract, wipeKeyMaterial } from '../keyring/data-key.js';
import { attemptsOf } from '../keyring/keyring-error.js';
import type { Keyring, UnwrapResult } from '../keyring/keyring.js';
import { HeaderVerifier } from '../message/header-verifier.js';

/** What a proof is made with. */
export interface Proof {
  readonly newHeader: Header;
  readonly context: EncryptionContext;
  readonly signal: AbortSignal;
}

/**
 * Unwraps one new wrapped key with the keyring that made it and verifies the new header's MAC under what comes back: the
 * proof that must stand before an old wrapped key is dropped (specification, "Rewrap").
 *
 * @returns `false` when this keyring cannot unwrap, having only a public key
 * Throws `unwrap-failed`, `keyring-contract`, `aborted`.
 */
export async function prove(wrappedKey: WrappedKey, keyring: Keyring, proof: Proof): Promise<boolean> {
  let result: UnwrapResult | null;
  try {
    result = await unwrap([wrappedKey], keyring, proof);
  } catch (error) {
    if (isKeyfoldError(error, 'aborted') || isKeyfoldError(error, 'keyring-contract')) throw error;
    const attempts = attemptsOf(error, keyring);
    if (await lackPrivateKeys(attempts, keyring, proof.signal)) return false;
    const message = `A new wrapped key could not be unwrapped, so the header was left as it is:${formatAttempts(attempts)}`;
    throw new KeyfoldError('unwrap-failed', message, { attempts }, error);
  }
  if (result === null) throw keyringContract(keyring, 'does not know a wrapped key that it has just made');
  return true;
}

/**
 * Whether every attempt failed for want of a private key. A keyring says so as `misconfigured`, which is also what it says
 * of a client without a Region: where it has a check of the key, that tells whether it ever unwraps with it.
 */
async function lackPrivateKeys(attempts: readonly Attempt[], keyring: Keyring, signal: AbortSignal): Promise<boolean> {
  if (attempts.length === 0 || !attempts.every(({ reason }) => reason === 'misconfigured')) return false;
  if (keyring.check === undefined) return true;
  const checks = await abortable(keyring.check({ signal }), signal);
  return attempts.every(({ provider, keyId }) =>
    checks.every((key) => key.provider !== provider || key.keyId !== keyId || key.permitted.unwrap === 'no'),
  );
}

/**
 * Looks for one of the wrapped keys that stay which opens the new header, for a rewrap that drops the one that opened the
 * old. Returns it, or `undefined` if the keyring opens none. Throws `aborted`.
 */
export async function proveAny(
  wrappedKeys: readonly WrappedKey[],
  keyring: Keyring,
  proof: Proof,
): Promise<WrappedKey | undefined> {
  try {
    return (await unwrap(wrappedKeys, keyring, proof))?.wrappedKey;
  } catch (error) {
    if (isKeyfoldError(error, 'aborted')) throw error;
    return undefined;
  }
}

/** What the keyring unwraps, if the new header's MAC verifies under it; its key material is wiped already. */
async function unwrap(
  wrappedKeys: readonly WrappedKey[],
  keyring: Keyring,
  { newHeader, context, signal }: Proof,
): Promise<UnwrapResult | null> {
  const verifier = new HeaderVerifier(newHeader, context.digest);
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => await verifier.accepts(keyMaterial);
  let keyMaterial: Uint8Array | undefined;
  try {
    const unwrapping = keyring.unwrap({ wrappedKeys, context, accepts, signal });
    const result = await abortable(unwrapping, signal, wipeKeyMaterial);
    if (result === null) return null;
    if ((result as Partial<UnwrapResult> | undefined)?.keyMaterial instanceof Uint8Array) ({ keyMaterial } = result);
    if (keyMaterial !== undefined && (verifier.isAccepted(keyMaterial) || (await verifier.accepts(keyMaterial)))) return result;
    throw keyringContract(keyring, 'made a wrapped key that does not give the data key back');
  } finally {
    keyMaterial?.fill(0);
    verifier.close();
  }
}
