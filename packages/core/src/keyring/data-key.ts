import { KeyfoldError } from '../errors/keyfold-error.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';
import { isPending } from '../format/wrapped-key.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { Keyring, UnwrapResult } from './keyring.js';

/** Whether something is as a data key must be: 32 bytes. */
export function isDataKey(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === DATA_KEY_LENGTH;
}

/** Wipes key material that a keyring answered with and nobody takes over, whatever else the answer is. */
export function wipeKeyMaterial(answer: { readonly keyMaterial?: unknown } | null | undefined): void {
  if (answer?.keyMaterial instanceof Uint8Array) answer.keyMaterial.fill(0);
}

/** Whether these are wrapped keys, at least one of them not pending. A keyring that answers with nothing has not wrapped. */
export function areWrappedKeys(answered: unknown): answered is readonly WrappedKey[] {
  if (!Array.isArray(answered)) return false;
  const keys: readonly (Partial<WrappedKey> | null | undefined)[] = answered;
  return keys.every((key) => typeof key?.keyId === 'string' && key.ciphertext instanceof Uint8Array) && keys.some((key) => !isPending(key as WrappedKey));
}

/** Whether something is as the result of an unwrap must be, as far as can be seen from outside. */
export function isUnwrapResult(value: unknown): value is UnwrapResult {
  const result = (value ?? {}) as Partial<UnwrapResult>;
  return result.keyMaterial instanceof Uint8Array && typeof result.wrappedKey?.keyId === 'string';
}

/** The error of a keyring that does not keep to its contract. `what` completes "The keyring X …". */
export function keyringContract(keyring: Keyring, what: string, cause?: unknown): KeyfoldError<'keyring-contract'> {
  const { name } = keyring;
  const message = `The keyring ${name} ${what}. This is a bug of the keyring; report it there.`;
  return new KeyfoldError('keyring-contract', message, { keyring: name }, cause);
}
