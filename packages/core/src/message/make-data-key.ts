import { engine } from '../engine/engine.js';
import { abortable, throwIfAborted } from '../cancellation/abortable.js';
import type { EncryptionContext } from '../context/encryption-context.js';
import { isKeyfoldError, KeyfoldError } from '../errors/keyfold-error.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { GenerateResult, Keyring } from '../keyring/keyring.js';
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
  if (keyring.generate !== undefined) {
    const made = await call(keyring, signal, keyring.generate({ context, signal }), (late) => late.keyMaterial.fill(0));
    assertDataKey(keyring, made);
    return { dataKey: made.keyMaterial, wrappedKeys: made.wrappedKeys };
  }
  const dataKey = engine.randomBytes(DATA_KEY_LENGTH);
  try {
    const wrap = keyring.wrap({ keyMaterial: dataKey, context, signal });
    const { wrappedKeys } = await call(keyring, signal, wrap);
    return { dataKey, wrappedKeys };
  } catch (error) {
    dataKey.fill(0);
    throw error;
  }
}

/** The result of a keyring's call; what it throws becomes `wrap-failed`. */
async function call<T>(
  keyring: Keyring,
  signal: AbortSignal,
  result: Promise<T>,
  discard?: (late: T) => void,
): Promise<T> {
  try {
    return await abortable(result, signal, discard);
  } catch (error) {
    if (isKeyfoldError(error, 'aborted') || isKeyfoldError(error, 'wrap-failed')) throw error;
    throwIfAborted(signal);
    throw wrapFailed(attemptsOf(error, keyring), error);
  }
}

function assertDataKey(keyring: Keyring, made: GenerateResult): void {
  if (made.keyMaterial instanceof Uint8Array && made.keyMaterial.length === DATA_KEY_LENGTH) return;
  throw new KeyfoldError(
    'keyring-contract',
    `The keyring ${keyring.name} made a data key that is not 32 bytes. This is a bug of the keyring; report it there.`,
    { keyring: keyring.name },
  );
}
