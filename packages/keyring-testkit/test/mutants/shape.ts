import type { Keyring } from '@keyfold/core';
import { anyOfTwo } from '../../src/compositions/any-of.js';
import { passThrough } from '../../src/compositions/pass-through.js';
import { alter, storing } from './mutant.js';
import type { Mutant } from './mutant.js';

const SHAPE = 'has the contract’s version, a provider and a name';
const KEKS = 'says which KEKs it is configured with';
const OPERATIONS = 'has the operations that its manifest declares, and no others';
const HOOKS = 'comes with the hooks that its manifest declares, and no others';

export const shapeMutants: readonly Mutant[] = [
  {
    name: 'is of another version of the contract',
    breaks: (keyring) => alter(keyring, { specificationVersion: 'keyring-v2' as 'keyring-v1' }),
    caughtBy: [SHAPE],
    says: /specificationVersion/,
  },
  {
    name: 'has a provider that no envelope can hold',
    breaks: (keyring) => alter(keyring, { provider: 'Toy_KMS' }),
    caughtBy: [SHAPE],
    says: /provider must be 1 to 255 characters/,
  },
  {
    name: 'has another provider than it declares',
    breaks: (keyring) => alter(keyring, { provider: 'toy' }),
    caughtBy: [SHAPE],
    says: /what the manifest declares/,
  },
  {
    name: 'has a name of two lines',
    breaks: (keyring) => alter(keyring, { name: 'two\nlines' }),
    caughtBy: [SHAPE],
    says: /one line/,
  },
  { name: 'names no KEK', breaks: (keyring) => alter(keyring, { keks: [] }), caughtBy: [KEKS], says: /every KEK/ },
  {
    name: 'names a KEK that no pending wrapped key can name',
    breaks: (keyring) => alter(keyring, { keks: [{ provider: 'toy-kms', keyId: 'my key' }] }),
    caughtBy: [KEKS],
    says: /printable ASCII/,
  },
  {
    name: 'names a KEK of another provider',
    breaks: (keyring) => alter(keyring, { keks: [{ provider: 'toy', keyId: 'key' }] }),
    caughtBy: [KEKS],
    says: /provider must be the keyring’s/,
  },
  {
    name: 'has a stranger that is none',
    breaksFixture: (fixture) => ({ ...fixture, stranger: fixture.twin }),
    caughtBy: [KEKS],
    says: /stranger with KEKs of other ids/,
  },
  {
    name: 'names its KEK otherwise than it stores it',
    breaks: (keyring) => alter(keyring, { keks: keyring.keks.map((kek) => ({ ...kek, keyId: `${kek.keyId}-x` })) }),
    caughtBy: ['stores the same resolved identifiers every time'],
    says: /keks must name/,
  },
  {
    name: 'lacks an operation that it declares',
    breaks: (keyring) => ({ ...keyring, generate: undefined }) as unknown as Keyring,
    caughtBy: [OPERATIONS],
    says: /generate must be a function/,
  },
  {
    name: 'has an operation that it does not declare',
    manifest: { check: false },
    caughtBy: [OPERATIONS],
    says: /has check; declare it/,
  },
  {
    name: 'declares an ability without its hook',
    breaksFixture: ({ rotate: _, ...fixture }) => fixture,
    caughtBy: [HOOKS],
    says: /declares rotation; the factory must give rotate/,
  },
  {
    name: 'has a hook for what it does not declare',
    manifest: { aliases: false },
    caughtBy: [HOOKS],
    says: /gives alias; declare aliases/,
  },
  {
    name: 'is composed with something that stores other bytes',
    composition: {
      ...passThrough,
      compose: (keyring) =>
        storing(passThrough.compose(keyring), (key) => ({ ...key, ciphertext: key.ciphertext.slice(1) })),
    },
    caughtBy: ['opens what the keyring inside wrote, and the reverse'],
    says: /./,
  },
  {
    name: 'is composed with something that loses its wrapped key',
    composition: {
      ...anyOfTwo,
      compose: (keyring) => {
        const whole = anyOfTwo.compose(keyring);
        return alter(whole, {
          wrap: async (request) => ({ wrappedKeys: (await whole.wrap(request)).wrappedKeys.slice(0, 1) }),
        });
      },
    },
    caughtBy: ['makes one wrapped key for each KEK, with fields that the format holds'],
    says: /one wrapped key for each KEK, here 2/,
  },
];
