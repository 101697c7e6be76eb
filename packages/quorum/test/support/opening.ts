import { encryptionContext } from '@keyfold/core/keyring';
import type { Keyring, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';

/** 32 bytes that are no other test's. */
export const DATA_KEY: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + 3) & 0xff);

/** Wraps a data key as the engine asks a keyring to, and returns the one wrapped key. */
export async function wrapOne(keyring: Keyring, signal = new AbortController().signal): Promise<WrappedKey> {
  const { wrappedKeys } = await keyring.wrap({ keyMaterial: new Uint8Array(DATA_KEY), context: await encryptionContext(), signal });
  return wrappedKeys[0] as WrappedKey;
}


/** Unwraps as the engine asks a keyring to. */
export async function unwrapFrom(
  keyring: Keyring,
  wrappedKey: WrappedKey,
  { signal = new AbortController().signal, offered = [] }: { readonly signal?: AbortSignal; readonly offered?: Uint8Array[] } = {},
): Promise<UnwrapResult | null> {
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
    offered.push(keyMaterial);
    return await Promise.resolve(Buffer.compare(keyMaterial, DATA_KEY) === 0);
  };
  return await keyring.unwrap({ wrappedKeys: [wrappedKey], context: await encryptionContext(), accepts, signal });
}
