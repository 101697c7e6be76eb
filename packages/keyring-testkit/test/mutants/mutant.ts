import type { Keyring } from '@keyfold/core';
import type { UnwrapRequest, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import type { Composition, KeyringFixture, KeyringManifest } from '../../src/index.js';
import type { ToyKms } from '../support/toy-kms.js';

/** A keyring that breaks a rule, and the rules that must find it out. */
export interface Mutant {
  /** What it does wrong. */
  readonly name: string;
  /** The sound keyring that it is made from. Default: `toy`, which has every ability of a key in a service. */
  readonly base?: 'toy' | 'two KEKs' | 'rsa';
  /** Breaks each keyring of the fixture. */
  readonly breaks?: (keyring: Keyring, kms: ToyKms) => Keyring;
  /** Breaks the fixture. */
  readonly breaksFixture?: (fixture: KeyringFixture) => KeyringFixture;
  /** Declared otherwise than it is. */
  readonly manifest?: Partial<KeyringManifest>;
  /** Runs the rules inside this composition instead of on the keyring alone. */
  readonly composition?: Composition;
  /** It does not end, so the suite need not wait long to say so. */
  readonly hangs?: boolean;
  /** Milliseconds after which a sound toy keyring gives up. Default 50. */
  readonly deadline?: number;
  /** The titles of the rules that must fail: whole ones, or what they match. */
  readonly caughtBy: readonly (string | RegExp)[];
  /** What each of them must say. */
  readonly says: RegExp;
}

/** A keyring of which something is different. */
export function alter(keyring: Keyring, changes: Partial<Keyring>): Keyring {
  return { ...keyring, ...changes };
}

/** A keyring that stores other wrapped keys than the sound one would. */
export function storing(keyring: Keyring, change: (key: WrappedKey) => WrappedKey): Keyring {
  const generate = keyring.generate?.bind(keyring);
  return alter(keyring, {
    wrap: async (request) => ({ wrappedKeys: (await keyring.wrap(request)).wrappedKeys.map(change) }),
    ...(generate && {
      generate: async (request) => {
        const made = await generate(request);
        return { ...made, wrappedKeys: made.wrappedKeys.map(change) };
      },
    }),
  });
}

/** A keyring that unwraps from another request than it was given, and names the wrapped key that it was given. */
export function reading(keyring: Keyring, change: (key: WrappedKey) => WrappedKey): Keyring {
  return alter(keyring, {
    unwrap: async (request) => {
      const wrappedKeys = request.wrappedKeys.map(change);
      const result = await keyring.unwrap({ ...request, wrappedKeys });
      const at = result === null ? -1 : wrappedKeys.indexOf(result.wrappedKey);
      return result === null ? null : { ...result, wrappedKey: request.wrappedKeys[at] ?? result.wrappedKey };
    },
  });
}

/** A keyring that does something else with what the sound one's `unwrap` gives or throws. */
export function ending(
  keyring: Keyring,
  change: (work: Promise<UnwrapResult | null>, request: UnwrapRequest) => Promise<UnwrapResult | null>,
): Keyring {
  return alter(keyring, { unwrap: async (request) => await change(keyring.unwrap(request), request) });
}

/** Calls every operation of a keyring with a request that `change` made of its own. */
export function asking(
  keyring: Keyring,
  change: <Request extends { readonly signal: AbortSignal }>(request: Request) => Request,
): Keyring {
  const [generate, check] = [keyring.generate?.bind(keyring), keyring.check?.bind(keyring)];
  return alter(keyring, {
    wrap: async (request) => await keyring.wrap(change(request)),
    unwrap: async (request) => await keyring.unwrap(change(request)),
    ...(generate && { generate: async (request) => await generate(change(request)) }),
    ...(check && { check: async (request) => await check(change(request)) }),
  });
}
