import type { KeyCheck, Keyring } from '@keyfold/core/keyring';
import { alter, asking, ending, reading, storing } from './mutant.js';
import type { Mutant } from './mutant.js';

const NAMES = 'has one item for each KEK, under the names that wrap stores';
const NOTHING_WRONG = 'finds nothing wrong with a key that works';

/** A keyring that reports something else. */
function checking(
  name: string,
  change: (check: KeyCheck) => KeyCheck[],
  rule: string,
  says: RegExp,
  base: Mutant['base'] = 'toy',
): Mutant {
  return {
    name,
    base,
    breaks: (keyring) => {
      const check = keyring.check?.bind(keyring);
      return alter(keyring, { ...(check && { check: async (request) => (await check(request)).flatMap(change) }) });
    },
    caughtBy: [rule],
    says,
  };
}

const permitted = { wrap: 'yes', unwrap: 'yes', generate: 'yes' } as const;

/** Breaks the keyring that has the public key alone. */
function offline(name: string, change: (keyring: Keyring) => Keyring, rule: string, says: RegExp): Mutant {
  const breaksFixture: Mutant['breaksFixture'] = (fixture) =>
    fixture.offline ? { ...fixture, offline: change(fixture.offline) } : fixture;
  return { name, base: 'rsa', breaksFixture, caughtBy: [rule], says };
}

export const abilityMutants: readonly Mutant[] = [
  checking('reports no key', () => [], NAMES, /must name the keys/),
  checking(
    'reports another version',
    (check) => [{ ...check, keyVersion: 'v7' }],
    NAMES,
    /must name the keys and versions/,
  ),
  checking(
    'says that a working key cannot be reached',
    (check) => [{ ...check, reachable: false }],
    NOTHING_WRONG,
    /reachable must be true/,
  ),
  checking(
    'says that a working key is disabled',
    (check) => [{ ...check, state: 'disabled' }],
    NOTHING_WRONG,
    /state must be enabled/,
  ),
  checking(
    'says that it may not wrap',
    (check) => [{ ...check, permitted: { ...permitted, wrap: 'no' } }],
    NOTHING_WRONG,
    /must not say no/,
  ),
  checking(
    'says that it may not generate',
    (check) => [{ ...check, permitted: { ...permitted, generate: 'no' } }],
    NOTHING_WRONG,
    /generate must not be no/,
  ),
  checking(
    'says that it may generate and cannot',
    (check) => [{ ...check, permitted }],
    NOTHING_WRONG,
    /generate must be no/,
    'rsa',
  ),
  checking(
    'has a problem with everything',
    (check) => [{ ...check, problem: { reason: 'unknown', remedy: 'Look again.' } }],
    NOTHING_WRONG,
    /no problem/,
  ),
  checking(
    'has a state of its own',
    (check) => [{ ...check, state: 'fine' as 'enabled' }],
    NOTHING_WRONG,
    /state must be one of/,
  ),
  checking(
    'has an answer of its own',
    (check) => [{ ...check, permitted: { ...permitted, wrap: 'maybe' as 'yes' } }],
    NOTHING_WRONG,
    /yes, no or unknown/,
  ),
  checking(
    'says that a public key unwraps',
    (check) => [{ ...check, permitted: { ...permitted, generate: 'no' } }],
    'says of a public key alone that it cannot unwrap',
    /unwrap must be no/,
    'rsa',
  ),
  offline(
    'stores another key id with the public key alone',
    (keyring) => storing(keyring, (key) => ({ ...key, keyId: 'public' })),
    'wraps what the whole keyring opens, without a request',
    /it gave null/,
  ),
  offline(
    'gives null for what only the private key opens',
    (keyring) => alter(keyring, { unwrap: async () => await Promise.resolve(null) }),
    'fails, and does not give null, for a wrapped key that it cannot open',
    /it gave null/,
  ),
  offline(
    'fails for wrapped keys of others',
    (keyring) =>
      ending(keyring, async (work) => {
        const result = await work;
        if (result === null) throw new Error('I have no private key.');
        return result;
      }),
    'leaves wrapped keys of others alone',
    /must succeed here/,
  ),
  {
    name: 'stores the alias',
    breaks: (keyring) => storing(keyring, (key) => ({ ...key, keyId: keyring.keks[0]?.keyId ?? '' })),
    caughtBy: ['stores the resolved key id, never the alias', 'opens what it wrapped before its alias was repointed'],
    says: /must store the key id that the provider answered with|it gave null/,
  },
  {
    name: 'looks up the alias to name its KEKs',
    breaksFixture: (fixture) =>
      fixture.alias === undefined ? fixture : { ...fixture, alias: { ...fixture.alias, keyring: fixture.keyring } },
    caughtBy: ['names the alias among its KEKs, without a call'],
    says: /an alias as the alias/,
  },
  {
    name: 'forgets its old key when it rotates',
    breaksFixture: (fixture) => {
      let rotated = false;
      const forgets = (keyring: Keyring): Keyring =>
        reading(keyring, (key) => (rotated && key.keyVersion === 'v1' ? { ...key, keyId: 'forgotten' } : key));
      return {
        ...fixture,
        keyring: forgets(fixture.keyring),
        twin: forgets(fixture.twin),
        rotate: async () => {
          rotated = true;
          return await fixture.rotate?.();
        },
      };
    },
    caughtBy: ['opens what it wrapped before and after'],
    says: /it gave null/,
  },
  {
    name: 'stores the same version always',
    breaks: (keyring) => storing(keyring, (key) => ({ ...key, keyVersion: 'v1' })),
    caughtBy: ['stores the version that it wrapped under'],
    says: /the version that the provider answered with/,
  },
  {
    name: 'stores the version in the key id too',
    breaks: (keyring) => storing(keyring, (key) => ({ ...key, keyId: `${key.keyId}/${key.keyVersion}` })),
    caughtBy: ['stores the version that it wrapped under'],
    says: /keyId must not hold the version/,
  },
  {
    name: 'asks for the key before each operation',
    breaks: (keyring, kms) =>
      asking(keyring, (request) => {
        kms.requests++;
        return request;
      }),
    caughtBy: [/^makes no more requests for /],
    says: /it made 2/,
  },
  {
    name: 'declares requests and makes none',
    breaksFixture: (fixture) => ({ ...fixture, requestCount: () => 0 }),
    caughtBy: [/^makes no more requests for /],
    says: /made no request/,
  },
  {
    name: 'asks the service about every wrapped key of its provider',
    breaks: (keyring, kms) =>
      alter(keyring, {
        unwrap: async (request) => {
          for (const { provider } of request.wrappedKeys) if (provider === keyring.provider) kms.requests++;
          return await keyring.unwrap(request);
        },
      }),
    caughtBy: [
      'makes none for wrapped keys of others',
      'makes none for forged wrapped keys',
      'makes one call for each KEK and version, however many forged ones there are',
    ],
    says: /must make no request|before it makes a request|one call for each KEK/,
  },
];
