import type { Keyring, WrappedKey } from '@keyfold/core/keyring';

/** Two keyrings side by side, composed by nothing but the contract: null is passed over, what is thrown is kept. */
export function anyOf(...members: Keyring[]): Keyring {
  return {
    specificationVersion: 'keyring-v1',
    provider: 'any-of',
    name: 'any-of',
    keks: members.flatMap(({ keks }) => keks),
    async wrap(request) {
      const wrappedKeys: WrappedKey[] = [];
      for (const member of members) wrappedKeys.push(...(await member.wrap(request)).wrappedKeys);
      return { wrappedKeys };
    },
    async unwrap(request) {
      let failed: unknown;
      for (const member of members) {
        try {
          const result = await member.unwrap(request);
          if (result !== null) return result;
        } catch (error) {
          failed = error;
        }
      }
      if (failed !== undefined) throw failed as Error;
      return null;
    },
  };
}
