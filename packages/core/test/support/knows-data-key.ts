import type { Keyring } from '../../src/keyring/keyring.js';
import { copy } from './bytes.js';

/** A keyring that answers every opening with one data key. For envelopes that `reference.ts` made. */
export function knowsDataKey(dataKey: Uint8Array): Keyring {
  return {
    specificationVersion: 'keyring-v1',
    provider: 'test',
    name: 'knows',
    keks: [{ provider: 'test', keyId: 'knows' }],
    wrap: async () => await Promise.reject(new Error('This keyring only opens.')),
    unwrap: async ({ wrappedKeys }) => {
      const [wrappedKey] = wrappedKeys;
      return await Promise.resolve(wrappedKey === undefined ? null : { keyMaterial: copy(dataKey), wrappedKey });
    },
  };
}
