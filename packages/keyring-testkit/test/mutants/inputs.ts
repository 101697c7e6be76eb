import type { EncryptionContext } from '@keyfold/core/keyring';
import { alter, asking, ending } from './mutant.js';
import type { Mutant } from './mutant.js';

const CHANGES = 'changes nothing of it';

const clear = ({ pairs }: EncryptionContext): void => {
  (pairs as Map<string, string>).clear();
};

export const inputMutants: readonly Mutant[] = [
  {
    name: 'wipes the caller’s key material',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) => {
          const result = await keyring.wrap(request);
          request.keyMaterial.fill(0);
          return result;
        },
      }),
    caughtBy: [CHANGES],
    says: /must not change request.keyMaterial/,
  },
  {
    name: 'adds to the context in wrap',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) => {
          (request.context.pairs as Map<string, string>).set('keyfold:format', '1');
          return await keyring.wrap(request);
        },
      }),
    caughtBy: [CHANGES],
    says: /wrap must not change request.context/,
  },
  {
    name: 'empties the context in unwrap',
    breaks: (keyring) =>
      ending(keyring, async (work, { context }) => {
        const result = await work;
        clear(context);
        return result;
      }),
    caughtBy: [CHANGES],
    says: /unwrap must not change request.context/,
  },
  {
    name: 'empties the context in generate',
    breaks: (keyring) => {
      const generate = keyring.generate?.bind(keyring);
      return alter(keyring, {
        ...(generate && {
          generate: async (request) => {
            const made = await generate(request);
            clear(request.context);
            return made;
          },
        }),
      });
    },
    caughtBy: [CHANGES],
    says: /generate must not change/,
  },
  {
    name: 'wipes the ciphertext',
    breaks: (keyring) =>
      ending(keyring, async (work, { wrappedKeys }) => {
        const result = await work;
        for (const { ciphertext } of wrappedKeys) ciphertext.fill(0);
        return result;
      }),
    caughtBy: [CHANGES],
    says: /must not change a wrapped key/,
  },
  {
    name: 'sorts the wrapped keys where they are',
    base: 'two KEKs',
    breaks: (keyring) =>
      alter(keyring, {
        unwrap: async (request) => {
          (request.wrappedKeys as unknown[]).sort();
          return await keyring.unwrap(request);
        },
      }),
    caughtBy: [CHANGES],
    says: /frozen request must succeed/,
  },
  {
    name: 'listens to the signal for ever',
    hangs: true,
    breaks: (keyring) =>
      asking(keyring, (request) => {
        request.signal.addEventListener('abort', () => undefined);
        return request;
      }),
    caughtBy: [/^leaves no listener on the signal after /],
    says: /must remove its listeners/,
  },
  {
    name: 'keeps the key material of the call in a field',
    breaks: (keyring) => {
      let current: Uint8Array = new Uint8Array(32);
      return alter(keyring, {
        wrap: async (request) => {
          current = request.keyMaterial;
          await Promise.resolve();
          return await keyring.wrap({ ...request, keyMaterial: current });
        },
      });
    },
    caughtBy: ['keeps calls that run at once apart, its very first ones too'],
    says: /./,
  },
  {
    name: 'logs what went wrong',
    breaks: (keyring) =>
      ending(
        keyring,
        async (work) =>
          await work.catch((error: unknown) => {
            // eslint-disable-next-line no-console
            console.warn('could not unwrap', error);
            throw error;
          }),
      ),
    caughtBy: ['writes none'],
    says: /must write no logs.*console.warn/,
  },
];
