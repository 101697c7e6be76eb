import type { Keyring } from '@keyfold/core';
import { encryptionContext } from '@keyfold/core/keyring';
import type { ContextInput, GenerateResult, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import { quiet } from '../bench/call.js';
import { fail } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';

/** 32 bytes to wrap, none of them like its neighbour. */
export const DATA_KEY: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 3) & 0xff);

/**
 * Wraps a data key, `DATA_KEY` unless another is given, as the engine asks a keyring to, and returns the one wrapped key.
 *
 * @throws `ConformanceError` if there are none or several, and what the keyring throws
 */
export async function wrapOne(
  keyring: Keyring,
  context: ContextInput = {},
  { keyMaterial = DATA_KEY, signal = quiet() }: { readonly keyMaterial?: Uint8Array; readonly signal?: AbortSignal } = {},
): Promise<WrappedKey> {
  return only((await keyring.wrap({ keyMaterial, context: await encryptionContext(context), signal })).wrappedKeys);
}

/**
 * Makes a data key as the engine asks a keyring to.
 *
 * @throws `ConformanceError` if the keyring does not generate, or not one wrapped key, and what the keyring throws
 */
export async function generateOne(
  keyring: Keyring,
  context: ContextInput = {},
  { signal = quiet() }: { readonly signal?: AbortSignal } = {},
): Promise<GenerateResult & { readonly wrappedKey: WrappedKey }> {
  if (keyring.generate === undefined) fail('This keyring does not generate.');
  const made = await keyring.generate({ context: await encryptionContext(context), signal });
  return { ...made, wrappedKey: only(made.wrappedKeys) };
}

/** Unwraps as the engine asks a keyring to; the right data key is `expected`, else `DATA_KEY`. Throws what the keyring throws. */
export async function unwrapFrom(
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  context: ContextInput = {},
  { expected = DATA_KEY, signal = quiet() }: { readonly expected?: Uint8Array; readonly signal?: AbortSignal } = {},
): Promise<UnwrapResult | null> {
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => await Promise.resolve(equalBytes(keyMaterial, expected));
  return await keyring.unwrap({ wrappedKeys, context: await encryptionContext(context), accepts, signal });
}

function only(wrappedKeys: readonly WrappedKey[]): WrappedKey {
  const [wrappedKey] = wrappedKeys;
  if (wrappedKey === undefined || wrappedKeys.length > 1) fail(`There must be one wrapped key; there are ${wrappedKeys.length}.`);
  return wrappedKey;
}
