import type { UnwrapRequest, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import { TOY_ALGORITHM, TOY_PROVIDER } from '../support/toy-keyring.js';
import { alter, ending, reading } from './mutant.js';
import type { Mutant } from './mutant.js';

const FAILS = 'fails when its key material is not accepted';
const KEY_IDS = 'opens nothing by a key id that only resembles a configured one';
const VERSIONS = 'opens nothing by a key version that is none';
const ALGORITHMS = 'opens nothing by an algorithm that is not its own';

/** A keyring that takes a wrapped key for its own when a careless comparison says so. */
function resembling(name: string, matches: (stored: string, own: string) => boolean): Mutant {
  return {
    name,
    breaks: (keyring) =>
      reading(keyring, (key) => {
        const own = keyring.keks.find(({ keyId }) => matches(key.keyId, keyId))?.keyId;
        return key.provider === TOY_PROVIDER && own !== undefined ? { ...key, keyId: own } : key;
      }),
    caughtBy: [KEY_IDS],
    says: /whose keyId is/,
  };
}

const first = (wrappedKeys: readonly WrappedKey[]): WrappedKey[] =>
  wrappedKeys.filter(({ provider }) => provider === TOY_PROVIDER).slice(0, 1);

export const unwrappingMutants: readonly Mutant[] = [
  {
    name: 'looks at the provider’s beginning',
    breaks: (keyring) =>
      reading(keyring, (key) =>
        key.provider.startsWith(TOY_PROVIDER.slice(0, 3)) ? { ...key, provider: TOY_PROVIDER } : key,
      ),
    caughtBy: ['gives null for another provider, even with its own key id'],
    says: /give null/,
  },
  {
    name: 'looks at its first wrapped key alone',
    breaks: (keyring) =>
      alter(keyring, {
        unwrap: async (request) => await keyring.unwrap({ ...request, wrappedKeys: first(request.wrappedKeys) }),
      }),
    caughtBy: [
      'finds its own wrapped key among others, in any order',
      'opens the genuine wrapped key beside forged ones',
    ],
    says: /it gave null/,
  },
  {
    name: 'unwraps whatever it is given with its own key',
    breaks: (keyring) =>
      reading(keyring, (key) =>
        key.provider === TOY_PROVIDER ? { ...key, keyId: keyring.keks[0]?.keyId ?? '' } : key,
      ),
    caughtBy: [
      'gives null for another key of its own provider',
      KEY_IDS,
      'makes none for wrapped keys of others',
      'makes none for forged wrapped keys',
    ],
    says: /must/,
  },
  resembling('looks at a key id’s beginning', (stored, own) => stored.startsWith(own)),
  resembling('looks for its key id anywhere', (stored, own) => stored.includes(own)),
  resembling('compares key ids without case', (stored, own) => stored.toLowerCase() === own.toLowerCase()),
  resembling(
    'takes key ids apart as paths',
    (stored, own) => stored.replace(/\/$/, '') === own || stored.startsWith(`${own}/`),
  ),
  resembling(
    'decodes key ids',
    (stored, own) => stored.includes('%') && decodeURIComponent(stored.replace(/%20$/, '')) === own,
  ),
  {
    name: 'does not look at the version',
    breaks: (keyring) => reading(keyring, (key) => ({ ...key, keyVersion: 'v1' })),
    caughtBy: [
      VERSIONS,
      'makes none for forged wrapped keys',
      'makes one call for each KEK and version, however many forged ones there are',
    ],
    says: /whose keyVersion is|before it makes a request|one call for each KEK/,
  },
  {
    name: 'looks for a version anywhere in the version',
    breaks: (keyring) =>
      reading(keyring, (key) => ({ ...key, keyVersion: /v[1-9]\d*/.exec(key.keyVersion)?.[0] ?? key.keyVersion })),
    caughtBy: [VERSIONS],
    says: /whose keyVersion is/,
  },
  {
    name: 'takes any version where it has none',
    base: 'rsa',
    breaks: (keyring) => reading(keyring, (key) => ({ ...key, keyVersion: '' })),
    caughtBy: [VERSIONS],
    says: /whose keyVersion is/,
  },
  {
    name: 'does not look at the algorithm',
    breaks: (keyring) => reading(keyring, (key) => ({ ...key, algorithm: TOY_ALGORITHM })),
    caughtBy: [ALGORITHMS, 'makes none for forged wrapped keys'],
    says: /whose algorithm is|before it makes a request/,
  },
  {
    name: 'returns what was not accepted',
    breaks: (keyring) =>
      withAccepts(keyring, async (request, bytes) => {
        await request.accepts(bytes);
        return true;
      }),
    caughtBy: [FAILS],
    says: /it gave key material/,
  },
  {
    name: 'does not wait for accepts',
    breaks: (keyring) =>
      withAccepts(keyring, async (request, bytes) => await Promise.resolve(Boolean(request.accepts(bytes)))),
    caughtBy: [FAILS],
    says: /it gave key material/,
  },
  {
    name: 'does not ask accepts',
    breaks: (keyring) => withAccepts(keyring, async () => await Promise.resolve(true)),
    caughtBy: ['unwraps what it wrapped, also in another process', FAILS],
    says: /must ask request.accepts|it gave key material/,
  },
  {
    name: 'offers a copy and leaves it behind',
    breaks: (keyring) => withAccepts(keyring, async (request, bytes) => await request.accepts(new Uint8Array(bytes))),
    caughtBy: ['wipes key material that was not accepted'],
    says: /must wipe/,
  },
  {
    name: 'stops at the first wrapped key that is its own',
    base: 'two KEKs',
    breaks: (keyring) =>
      alter(keyring, {
        unwrap: async (request) => await keyring.unwrap({ ...request, wrappedKeys: first(request.wrappedKeys) }),
      }),
    caughtBy: [
      'goes on with its next wrapped key when one is not accepted',
      'opens an intact wrapped key beside damaged ones',
      'goes on with another version when one is not accepted',
    ],
    says: /unwrap/,
  },
  {
    name: 'names another wrapped key than it opened',
    breaks: (keyring) =>
      ending(keyring, async (work) => {
        const result = await work;
        return result === null ? null : { ...result, wrappedKey: { ...result.wrappedKey } };
      }),
    caughtBy: ['unwraps what it wrapped, also in another process'],
    says: /one of the request’s/,
  },
];

/** A keyring that treats `request.accepts` otherwise. */
function withAccepts(
  keyring: Parameters<typeof alter>[0],
  accepts: (request: UnwrapRequest, bytes: Uint8Array) => Promise<boolean>,
): Parameters<typeof alter>[0] {
  return alter(keyring, {
    unwrap: async (request): Promise<UnwrapResult | null> =>
      await keyring.unwrap({ ...request, accepts: async (bytes) => await accepts(request, bytes) }),
  });
}
