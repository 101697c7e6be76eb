import { engine } from '../engine/engine.js';
import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import type { EncryptionContext } from '../context/encryption-context.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import { isDataKey, keyringContract, wipeKeyMaterial } from '../keyring/data-key.js';
import type { GenerateResult, Keyring, WrapResult } from '../keyring/keyring.js';
import { attemptsOf, wrapFailed } from '../keyring/keyring-error.js';

/** A fresh data key and its wrapped copies. Whoever gets it wipes `dataKey`. */
export interface NewDataKey {
  readonly dataKey: Uint8Array;
  readonly wrappedKeys: readonly WrappedKey[];
}

/**
 * A new data key of 32 bytes, wrapped by the keyring: made by its KMS where that can, else by the platform's CSPRNG.
 *
 * Throws `wrap-failed`, `keyring-contract`, `aborted`.
 */
export async function makeDataKey(keyring: Keyring, context: EncryptionContext, signal: AbortSignal): Promise<NewDataKey> {
  const generateBy = keyring.generate?.bind(keyring);
  if (generateBy !== undefined) {
    const generate = async (): Promise<GenerateResult> => await generateBy({ context, signal });
    const made = await callToWrap(keyring, signal, generate, wipeKeyMaterial);
    if (!isDataKey(given(made).keyMaterial)) {
      wipeKeyMaterial(made);
      throw keyringContract(keyring, 'made a data key that is not 32 bytes');
    }
    return { dataKey: made.keyMaterial, wrappedKeys: made.wrappedKeys };
  }
  const dataKey = engine.randomBytes(DATA_KEY_LENGTH);
  try {
    return { dataKey, wrappedKeys: await wrapDataKey(keyring, dataKey, context, signal) };
  } catch (error) {
    dataKey.fill(0);
    throw error;
  }
}

/**
 * The wrapped copies of a data key. The keyring gets a copy of it: one that wiped or changed what it was handed would
 * otherwise change the key that the message is about to be written with. Throws `wrap-failed`, `keyring-contract`, `aborted`.
 */
export async function wrapDataKey(
  keyring: Keyring,
  dataKey: Uint8Array,
  context: EncryptionContext,
  signal: AbortSignal,
): Promise<readonly WrappedKey[]> {
  const keyMaterial = new Uint8Array(dataKey);
  const wrap = async (): Promise<WrapResult> => await keyring.wrap({ keyMaterial, context, signal });
  try {
    const { wrappedKeys } = given(await callToWrap(keyring, signal, wrap));
    if (wrappedKeys === undefined) throw keyringContract(keyring, 'returned no wrapped keys');
    return wrappedKeys;
  } finally {
    keyMaterial.fill(0);
  }
}

/** What a keyring answered, as something that has no fields where it answered nothing. */
function given<T extends object>(answer: T | null | undefined): Partial<T> {
  return answer ?? {};
}

/** The result of a keyring's call; what it throws becomes `wrap-failed`. */
async function callToWrap<T>(
  keyring: Keyring,
  signal: AbortSignal,
  call: () => Promise<T>,
  discard?: (late: T) => void,
): Promise<T> {
  try {
    return await abortable(call(), signal, discard);
  } catch (error) {
    if (isKeyfoldError(error, 'aborted') || isKeyfoldError(error, 'wrap-failed')) throw error;
    throwIfAborted(signal);
    throw wrapFailed(attemptsOf(error, keyring), error);
  }
}
