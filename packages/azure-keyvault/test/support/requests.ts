import { encryptionContext } from '@keyfold/core/keyring';
import type { ContextInput, Keyring, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';

/** 32 bytes that are no other test's. */
export const DATA_KEY: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 3) & 0xff);

/** A signal that never fires, and that nobody else listens to. */
const quiet = (): AbortSignal => new AbortController().signal;

/** Wraps a data key as the engine asks a keyring to, and returns the one wrapped key. */
export async function wrapOne(keyring: Keyring, context: ContextInput = {}, signal = quiet()): Promise<WrappedKey> {
  return only((await keyring.wrap({ keyMaterial: DATA_KEY, context: await encryptionContext(context), signal })).wrappedKeys);
}

/** Unwraps as the engine asks a keyring to; the right data key is `expected`. */
export async function unwrapFrom(
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  context: ContextInput = {},
  { expected = DATA_KEY, signal = quiet() }: { readonly expected?: Uint8Array; readonly signal?: AbortSignal } = {},
): Promise<UnwrapResult | null> {
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> =>
    await Promise.resolve(Buffer.compare(keyMaterial, expected) === 0);
  return await keyring.unwrap({ wrappedKeys, context: await encryptionContext(context), accepts, signal });
}

function only(wrappedKeys: readonly WrappedKey[]): WrappedKey {
  const [wrappedKey] = wrappedKeys;
  if (wrappedKey === undefined || wrappedKeys.length > 1) throw new Error(`There are ${wrappedKeys.length} wrapped keys.`);
  return wrappedKey;
}
