import { isKeyfoldError } from '@keyfold/core';
import { alter, ending } from './mutant.js';
import type { Mutant } from './mutant.js';

export const envelopeMutants: readonly Mutant[] = [
  {
    name: 'opens nothing',
    breaks: (keyring) => alter(keyring, { unwrap: async () => await Promise.resolve(null) }),
    caughtBy: [
      'opens what was encrypted in one call',
      'opens what was encrypted as a stream',
      'opens a header that lives apart from its payload',
      'hands an envelope over to another keyring by a rewrap',
      'keeps calls that run at once apart, its very first ones too',
    ],
    says: /none of the keys|it gave null/,
  },
  {
    name: 'says that it is not its key when the key material was not accepted',
    breaks: (keyring) =>
      ending(
        keyring,
        async (work) =>
          await work.catch((error: unknown) => {
            if (isKeyfoldError(error, 'keyring-failed') && error.details.reason === 'integrity') return null;
            throw error;
          }),
      ),
    caughtBy: ['opens nothing once the header was altered', 'fails when its key material is not accepted'],
    says: /must throw/,
  },
  {
    name: 'says that it is not its key when the service refuses the context',
    breaks: (keyring) => ending(keyring, async (work) => await work.catch(() => null)),
    caughtBy: [
      'opens nothing for another external context',
      'opens nothing once the header was altered',
      /^fails, and does not give null, for a ciphertext /,
    ],
    says: /must throw/,
  },
  {
    name: 'claims every wrapped key',
    breaks: (keyring) =>
      ending(keyring, async (work) => {
        const result = await work;
        if (result === null) throw new Error('None of my keys opens this.');
        return result;
      }),
    caughtBy: [
      'is told from a keyring without the right key',
      'gives null when there is no wrapped key',
      'gives null for another provider, even with its own key id',
      'gives null for another key of its own provider',
      'makes none for wrapped keys of others',
    ],
    says: /must throw no-matching-key|must succeed here/,
  },
  {
    name: 'answers nobody any more after its first call',
    hangs: true,
    breaks: (keyring) => {
      let calls = 0;
      return alter(keyring, {
        wrap: async (request) => (calls++ === 0 ? await keyring.wrap(request) : await new Promise(() => undefined)),
      });
    },
    caughtBy: ['never wraps the same material to the same bytes'],
    says: /wrap must end/,
  },
];
