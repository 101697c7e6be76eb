import type { Keyring } from '@keyfold/core';
import { encryptionContext } from '@keyfold/core/keyring';
import type { EncryptionContext } from '@keyfold/core/keyring';
import { alter } from './mutant.js';
import type { Mutant } from './mutant.js';

/** A keyring that binds something else than the context that it is given. */
function binding(keyring: Keyring, change: (context: EncryptionContext) => Promise<EncryptionContext>): Keyring {
  const generate = keyring.generate?.bind(keyring);
  return alter(keyring, {
    wrap: async (request) => await keyring.wrap({ ...request, context: await change(request.context) }),
    unwrap: async (request) => await keyring.unwrap({ ...request, context: await change(request.context) }),
    ...(generate && {
      generate: async (request) => await generate({ ...request, context: await change(request.context) }),
    }),
  });
}

/** A keyring that binds something that is the same for contexts which are not. */
function confusing(
  name: string,
  change: (pairs: [string, string][]) => Record<string, string>,
  caughtBy: Mutant['caughtBy'],
): Mutant {
  return {
    name,
    breaks: (keyring) => binding(keyring, async ({ pairs }) => await encryptionContext(change([...pairs]))),
    caughtBy,
    says: /it gave key material/,
  };
}

function assigned(pairs: [string, string][]): Record<string, string> {
  const object: Record<string, string> = {};
  for (const [key, value] of pairs) object[key] = value;
  return object;
}

export const contextMutants: readonly Mutant[] = [
  confusing('ignores the context', () => ({}), [/^fails under a context /, 'binds the context to what it makes']),
  confusing('binds keys alone', (pairs) => Object.fromEntries(pairs.map(([key]) => [key, ''])), [
    'fails under a context with another value',
    'fails under a context in another case',
    'fails under a context with its values swapped',
  ]),
  confusing('binds values alone', (pairs) => Object.fromEntries(pairs.map(([, value], i) => [`${i}`, value])), [
    'fails under a context with another key',
  ]),
  confusing('ignores case', (pairs) => Object.fromEntries(pairs.map(([key, value]) => [key, value.toLowerCase()])), [
    'fails under a context in another case',
  ]),
  confusing('binds one pair', (pairs) => Object.fromEntries(pairs.slice(-1)), [
    'fails under a context that has a pair more',
    'fails under a context that lacks a pair',
  ]),
  confusing('joins pairs to one text', (pairs) => ({ all: pairs.map((pair) => pair.join(':')).join() }), [
    'fails under a context that joins to the same text',
  ]),
  confusing(
    'normalises Unicode',
    (pairs) => Object.fromEntries(pairs.map(([key, value]) => [key, value.normalize('NFC')])),
    ['fails under a context in another Unicode form'],
  ),
  confusing('makes an object of the context', assigned, ['fails under a context that lacks the pair __proto__']),
  {
    name: 'cannot do with unusual contexts',
    breaks: (keyring) =>
      binding(keyring, async (context) => {
        if ([...context.pairs.keys()].some((key) => /[^ -~]/.test(key))) throw new Error('Only ASCII, please.');
        return await Promise.resolve(context);
      }),
    caughtBy: ['unwraps under the context that it wrapped under, whatever is in it'],
    says: /must succeed here/,
  },
  {
    name: 'binds the context though it declares that the engine does',
    manifest: { contextBinding: 'engine' },
    caughtBy: ['leaves the context to the engine, as its manifest says'],
    says: /must succeed here/,
  },
  {
    name: 'leaves the context to the engine though it declares that the KMS binds it',
    base: 'rsa',
    manifest: { contextBinding: 'kms' },
    caughtBy: [/^fails under a context /],
    says: /it gave key material/,
  },
];
