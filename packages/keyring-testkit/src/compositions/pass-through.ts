import type { Keyring } from '@keyfold/core';
import type { Composition } from './composition.js';

/**
 * The simplest decorator: hands everything on. It shows that a keyring does not depend on being handed the very request
 * that the engine made.
 */
export const passThrough: Composition = { name: 'pass-through', compose: wrapUp };

function wrapUp(keyring: Keyring): Keyring {
  const generate = keyring.generate?.bind(keyring);
  const check = keyring.check?.bind(keyring);
  return {
    specificationVersion: 'keyring-v1',
    provider: 'pass-through',
    name: `pass-through(${keyring.name})`,
    keks: keyring.keks,
    wrap: async (request) => await keyring.wrap({ ...request }),
    unwrap: async (request) => await keyring.unwrap({ ...request, wrappedKeys: [...request.wrappedKeys] }),
    // What is optional stays so: the engine looks whether it is there.
    ...(generate && { generate: async (request) => await generate({ ...request }) }),
    ...(check && { check: async (request) => await check({ ...request }) }),
  };
}
