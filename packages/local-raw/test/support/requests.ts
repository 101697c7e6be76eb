import { encryptionContext } from '@keyfold/core/keyring';
import type { ContextInput, Keyring, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';

/** 32 bytes that are no other test's. */
export const DATA_KEY: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 3) & 0xff);

/** One that never fires, and that nobody else listens to. */
const ownSignal = (): AbortSignal => new AbortController().signal;

/** Wraps a data key as the engine asks a keyring to, and returns the one wrapped key. */
export async function wrapOne(keyring: Keyring, context: ContextInput = {}, keyMaterial = DATA_KEY): Promise<WrappedKey> {
  const request = { keyMaterial, context: await encryptionContext(context), signal: ownSignal() };
  const { wrappedKeys } = await keyring.wrap(request);
  if (wrappedKeys.length !== 1) throw new Error(`There are ${wrappedKeys.length} wrapped keys.`);
  return wrappedKeys[0] as WrappedKey;
}

/** Unwraps as the engine asks a keyring to; the right data key is `DATA_KEY`. */
export async function unwrapFrom(
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  context: ContextInput = {},
): Promise<UnwrapResult | null> {
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> =>
    await Promise.resolve(Buffer.compare(keyMaterial, DATA_KEY) === 0);
  return await keyring.unwrap({ wrappedKeys, context: await encryptionContext(context), accepts, signal: ownSignal() });
}
