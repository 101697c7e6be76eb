import type { Bench } from '../bench/bench.js';
import type { Calls } from '../bench/call.js';
import { wrapOwn } from '../bench/wrapping.js';
import { asView, equalBytes } from '../support/bytes.js';

/**
 * A request that must succeed, for any operation. What an unwrap needs is wrapped by the twin, so that the keyring under
 * test is still unused.
 */
export async function requestFor<Name extends keyof Calls>(
  bench: Bench,
  operation: Name,
  signal: AbortSignal,
): Promise<Calls[Name]['request']> {
  const requests: { readonly [Each in keyof Calls]: () => Promise<Calls[Each]['request']> } = {
    wrap: async () => ({ keyMaterial: bench.keyMaterial(), context: await bench.context(), signal }),
    unwrap: async () => {
      const keyMaterial = bench.keyMaterial();
      const context = await bench.context();
      const own = await wrapOwn(bench, bench.twin, keyMaterial, context);
      const wrappedKeys = own.map((key) => ({ ...key, ciphertext: asView(key.ciphertext) }));
      const accepts = async (bytes: Uint8Array): Promise<boolean> =>
        await Promise.resolve(equalBytes(bytes, keyMaterial));
      return { wrappedKeys, context, accepts, signal };
    },
    generate: async () => ({ context: await bench.context(), signal }),
    check: async () => await Promise.resolve({ signal }),
  };
  return await requests[operation]();
}
