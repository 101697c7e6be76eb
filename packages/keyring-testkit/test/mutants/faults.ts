import type { Keyring } from '@keyfold/core';
import { isKeyfoldError, KeyfoldError, keyringError } from '@keyfold/core/keyring';
import type { ErrorDetails } from '@keyfold/core/keyring';
import { toHex } from '../../src/support/bytes.js';
import { alter } from './mutant.js';
import type { Mutant } from './mutant.js';

type Details = ErrorDetails['keyring-failed'];

const ANY = /^(wrap|unwrap|generate) under /;

/** A keyring that throws something else when a key fails. */
function throwing(
  change: (details: Details, error: Error, keyMaterial?: Uint8Array) => unknown,
): Exclude<Mutant['breaks'], undefined> {
  return (keyring) => {
    const generate = keyring.generate?.bind(keyring);
    const instead = async <T>(work: Promise<T>, keyMaterial?: Uint8Array): Promise<T> =>
      await work.catch((error: unknown) => {
        throw isKeyfoldError(error, 'keyring-failed') ? change(error.details, error, keyMaterial) : error;
      });
    return alter(keyring, {
      wrap: async (request) => await instead(keyring.wrap(request), request.keyMaterial),
      unwrap: async (request) => await instead(keyring.unwrap(request)),
      ...(generate && { generate: async (request) => await instead(generate(request)) }),
    });
  };
}

/** A keyring that says something else of a failure. */
function saying(name: string, change: Partial<Details>, caughtBy: Mutant['caughtBy'], says: RegExp): Mutant {
  return { name, breaks: throwing((details) => keyringError({ ...details, ...change }, 'it failed.')), caughtBy, says };
}

/** A keyring whose errors about a wrap give something away. */
function leaking(name: string, leak: (keyMaterial: Uint8Array) => unknown): Mutant {
  const breaks = throwing((details, error, keyMaterial) =>
    keyMaterial === undefined ? error : keyringError(details, 'it failed.', leak(keyMaterial)),
  );
  return { name, breaks, caughtBy: [/^wrap under /], says: /must not hold key material/ };
}

/** A `check` that does something else when it found a problem. */
function reporting(
  name: string,
  change: (keyring: Keyring) => Keyring,
  says: RegExp,
  caughtBy: Mutant['caughtBy'] = [/^check under /],
): Mutant {
  return { name, breaks: change, caughtBy, says };
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

export const faultMutants: readonly Mutant[] = [
  saying('gives no reason', { reason: 'unknown' }, [ANY], /must say reason/),
  saying('gives a reason of its own', { reason: 'broken' as 'unknown' }, [ANY], /reason must be one of the contract’s/),
  saying('has no remedy', { remedy: '' }, [ANY], /remedy must be a sentence/),
  saying('has another remedy', { remedy: 'Try again.' }, [/^(wrap|unwrap|generate) under denied/], /a remedy like/),
  saying('names no key', { keyId: '' }, [ANY], /must name the key that failed/),
  saying('names another provider', { provider: 'toy' }, [ANY], /provider must be the keyring’s/),
  saying('names another keyring', { keyring: 'toy' }, [ANY], /must be the keyring’s name/),
  saying('names another operation', { operation: 'check' }, [ANY], /details.operation must be/),
  {
    name: 'turns retryable round',
    breaks: throwing((details) => keyringError({ ...details, retryable: !details.retryable }, 'it failed.')),
    caughtBy: [ANY, /^fails, and does not give null, for a ciphertext /],
    says: /must say .*retryable/,
  },
  {
    name: 'throws what the service threw',
    breaks: throwing((_details, { cause }) => cause ?? new Error('it failed')),
    caughtBy: [ANY, 'is named in the error of an envelope that cannot be written or read'],
    says: /must throw keyring-failed|must name the key that failed/,
  },
  {
    name: 'throws another error of Keyfold',
    breaks: throwing(() => new KeyfoldError('invalid-argument', 'it failed', { argument: 'request' })),
    caughtBy: [ANY],
    says: /must throw keyring-failed/,
  },
  {
    name: 'has a stack trace in its message',
    breaks: throwing((details) => keyringError(details, 'it failed\n    at send (toy.js:12:7)\n')),
    caughtBy: [ANY],
    says: /stack trace/,
  },
  {
    name: 'has a value of the context in its message',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) =>
          await keyring.wrap(request).catch((error: unknown) => {
            const values = [...request.context.pairs.values()].join();
            throw isKeyfoldError(error, 'keyring-failed')
              ? keyringError(error.details, `it failed for ${values}.`)
              : error;
          }),
      }),
    caughtBy: [/^wrap under /],
    says: /a value of the encryption context/,
  },
  leaking('has the request in its cause', (keyMaterial) =>
    Object.assign(new Error('failed'), { request: { body: keyMaterial } }),
  ),
  leaking('has key material in hexadecimal', (keyMaterial) => new Error(`could not wrap ${toHex(keyMaterial)}`)),
  leaking(
    'has half of the key material in hexadecimal',
    (keyMaterial) => new Error(toHex(keyMaterial.subarray(16)).toUpperCase()),
  ),
  leaking('has key material in base64', (keyMaterial) => new Error(JSON.stringify({ Plaintext: base64(keyMaterial) }))),
  leaking(
    'has key material in base64 behind other bytes',
    (keyMaterial) => new Error(base64(Uint8Array.of(1, 2, 3, 4, ...keyMaterial))),
  ),
  leaking(
    'has key material in base64url',
    (keyMaterial) => new Error(base64(keyMaterial).replaceAll('+', '-').replaceAll('/', '_')),
  ),
  leaking('has key material as JSON', (keyMaterial) => new Error(JSON.stringify({ keyMaterial }))),
  leaking('has key material as numbers', (keyMaterial) => ({
    errors: [new Error('failed', { cause: [...keyMaterial] })],
  })),
  leaking('has key material in a map under a symbol', (keyMaterial) => ({
    [Symbol('debug')]: new Map([['key', keyMaterial.buffer.slice(0)]]),
  })),
  {
    name: 'unwraps though the service fails',
    breaks: (keyring, kms) =>
      alter(keyring, {
        unwrap: async (request) => {
          kms.fault = undefined;
          return await keyring.unwrap(request);
        },
      }),
    caughtBy: [/^unwrap under /],
    says: /must throw under/,
  },
  {
    name: 'gives null when the service fails',
    breaks: (keyring) => alter(keyring, { unwrap: async (request) => await keyring.unwrap(request).catch(() => null) }),
    caughtBy: [/^unwrap under /],
    says: /it gave null/,
  },
  {
    name: 'stays broken once something went wrong',
    breaks: (keyring) => {
      let broken: unknown;
      return alter(keyring, {
        wrap: async (request) => {
          if (broken !== undefined) throw broken as Error;
          return await keyring.wrap(request).catch((error: unknown) => {
            broken = error;
            throw error;
          });
        },
      });
    },
    caughtBy: [/^wrap under /],
    says: /is healed, must succeed/,
  },
  reporting(
    'sees no problem in check',
    (keyring) =>
      alter(keyring, {
        check: async (request) => ((await keyring.check?.(request)) ?? []).map(({ problem: _, ...item }) => item),
      }),
    /must find the problem/,
  ),
  reporting(
    'throws in check',
    (keyring) =>
      alter(keyring, {
        check: async (request) => {
          const found = (await keyring.check?.(request)) ?? [];
          if (found.some(({ problem }) => problem !== undefined)) throw new Error('Something is wrong.');
          return found;
        },
      }),
    /check must succeed/,
  ),
  reporting(
    'says that a disabled key is enabled',
    (keyring) =>
      alter(keyring, {
        check: async (request) =>
          ((await keyring.check?.(request)) ?? []).map((item) => ({ ...item, state: 'enabled' })),
      }),
    /state must be disabled/,
    [/^check under disabled/],
  ),
  reporting(
    'says that a silent provider was reached',
    (keyring) =>
      alter(keyring, {
        check: async (request) =>
          ((await keyring.check?.(request)) ?? []).map((item) => ({ ...item, reachable: true })),
      }),
    /reachable must be false/,
    [/^check under (down|hang)/],
  ),
  reporting(
    'has no remedy for what check finds',
    (keyring) =>
      alter(keyring, {
        check: async (request) =>
          ((await keyring.check?.(request)) ?? []).map((item) =>
            item.problem ? { ...item, problem: { ...item.problem, remedy: '?' } } : item,
          ),
      }),
    /remedy must be a sentence/,
  ),
];
