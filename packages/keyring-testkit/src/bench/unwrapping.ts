import type { Keyring } from '@keyfold/core';
import type { EncryptionContext, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import { asView } from '../support/bytes.js';
import { turn } from '../support/settle.js';
import type { Outcome } from '../support/settle.js';
import type { Bench } from './bench.js';
import { call, quiet } from './call.js';

/** Everything that happened in one call of `unwrap`. */
export interface Unwrapping {
  readonly wrappedKeys: readonly WrappedKey[];
  readonly outcome: Outcome<UnwrapResult | null>;
  /** What `accepts` was asked about: the very objects, and copies of them as they were. */
  readonly offered: readonly { readonly bytes: Uint8Array; readonly copy: Uint8Array }[];
}

/** How the engine would call. */
export interface UnwrapCall {
  readonly context: EncryptionContext;
  /** Which key material is the right one. */
  readonly accept: (keyMaterial: Uint8Array) => boolean;
  readonly signal?: AbortSignal;
}

/** Unwraps as the engine does: from wrapped keys that a parser made, with an `accepts` that takes its time. */
export async function unwrap(
  bench: Bench,
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  { context, accept, signal = quiet() }: UnwrapCall,
): Promise<Unwrapping> {
  const parsed = wrappedKeys.map((key) => Object.freeze({ ...key, ciphertext: asView(key.ciphertext) }));
  const offered: { bytes: Uint8Array; copy: Uint8Array }[] = [];
  const accepts = async (bytes: Uint8Array): Promise<boolean> => {
    const copy = new Uint8Array(bytes);
    offered.push({ bytes, copy });
    if (copy.some((byte) => byte !== 0)) bench.secrets.push(copy);
    await turn();
    return accept(copy);
  };
  const outcome = await call(bench, keyring, 'unwrap', {
    wrappedKeys: Object.freeze(parsed),
    context,
    accepts,
    signal,
  });
  return { wrappedKeys: parsed, outcome, offered };
}
