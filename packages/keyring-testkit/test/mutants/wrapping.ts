import { notAccepted } from '@keyfold/core/keyring';
import type { WrappedKey } from '@keyfold/core/keyring';
import { concat, equalBytes, toHex } from '../../src/support/bytes.js';
import { alter, ending, reading, storing } from './mutant.js';
import type { Mutant } from './mutant.js';

const FIELDS = 'makes one wrapped key for each KEK, with fields that the format holds';

/** A keyring that stores a field otherwise. */
function withField(name: string, change: Partial<WrappedKey>, says: RegExp): Mutant {
  return { name, breaks: (keyring) => storing(keyring, (key) => ({ ...key, ...change })), caughtBy: [FIELDS], says };
}

export const wrappingMutants: readonly Mutant[] = [
  {
    name: 'knows only what it wrapped itself',
    breaks: (keyring) => {
      const wrapped = new Set<string>();
      const remembering = storing(keyring, (key) => {
        wrapped.add(toHex(key.ciphertext));
        return key;
      });
      return reading(remembering, (key) => (wrapped.has(toHex(key.ciphertext)) ? key : { ...key, keyId: 'unknown' }));
    },
    caughtBy: ['unwraps what it wrapped, also in another process', 'opens what was encrypted in one call'],
    says: /./,
  },
  {
    name: 'throws before it returns a promise',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: () => {
          throw new Error('at once');
        },
      }),
    caughtBy: ['unwraps what it wrapped, also in another process'],
    says: /must reject its promise/,
  },
  {
    name: 'returns no promise',
    breaks: (keyring) => alter(keyring, { wrap: (() => ({ wrappedKeys: [] })) as unknown as typeof keyring.wrap }),
    caughtBy: ['unwraps what it wrapped, also in another process'],
    says: /must return a promise/,
  },
  withField('stores a key id with a space', { keyId: 'my key' }, /keyId must match/),
  withField('stores an empty key id', { keyId: '' }, /keyId must match/),
  withField('stores a key id of another form', { keyId: 'toy:alias/x' }, /keyId must look as the manifest declares/),
  withField('stores no version', { keyVersion: '' }, /keyVersion must be there/),
  withField('stores a version of another form', { keyVersion: 'v0' }, /keyVersion must look as the manifest declares/),
  withField(
    'stores an algorithm that it does not declare',
    { algorithm: 'A256GCM' },
    /algorithm must be one that the manifest declares/,
  ),
  withField('stores no algorithm', { algorithm: '' }, /algorithm must match/),
  withField('stores another provider', { provider: 'toy' }, /provider/),
  withField('stores a pending wrapped key', { ciphertext: new Uint8Array() }, /ciphertext must not be empty/),
  withField('stores more than the format has room for', { ciphertext: new Uint8Array(65_536) }, /at most 65,535 bytes/),
  {
    name: 'stores a version though it declares none',
    manifest: { keyVersions: false },
    caughtBy: [FIELDS],
    says: /keyVersion must be empty/,
  },
  {
    name: 'wraps under one KEK of two',
    base: 'two KEKs',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) => ({ wrappedKeys: (await keyring.wrap(request)).wrappedKeys.slice(1) }),
      }),
    caughtBy: [FIELDS],
    says: /it gave 1/,
  },
  {
    name: 'wraps twice under one KEK',
    base: 'two KEKs',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) => {
          const [first] = (await keyring.wrap(request)).wrappedKeys;
          return { wrappedKeys: first === undefined ? [] : [first, first] };
        },
      }),
    caughtBy: [FIELDS],
    says: /No two wrapped keys/,
  },
  {
    name: 'stores another identifier each time',
    breaks: (keyring) => {
      let count = 0;
      return storing(keyring, (key) => ({ ...key, keyId: `${key.keyId} use=${count++}` }));
    },
    caughtBy: ['stores the same resolved identifiers every time'],
    says: /identifiers that it stored before/,
  },
  {
    name: 'wraps the same material to the same bytes',
    breaks: (keyring) => {
      const made = new Map<string, ReturnType<typeof keyring.wrap>>();
      return alter(keyring, {
        wrap: async (request) => {
          const id = toHex(request.keyMaterial);
          const result = made.get(id) ?? keyring.wrap(request);
          made.set(id, result);
          return await result;
        },
      });
    },
    caughtBy: ['never wraps the same material to the same bytes'],
    says: /must differ/,
  },
  {
    name: 'is declared to wrap the same material to the same bytes, and does not',
    manifest: { deterministic: true },
    caughtBy: ['always wraps the same material to the same bytes'],
    says: /do not declare/,
  },
  {
    name: 'stores the key material too',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) => ({
          wrappedKeys: (await keyring.wrap(request)).wrappedKeys.map((key) => ({
            ...key,
            ciphertext: concat(request.keyMaterial, key.ciphertext),
          })),
        }),
      }),
    caughtBy: ['does not show the key material in the wrapped key'],
    says: /in the clear/,
  },
  {
    name: 'takes the whole buffer of a view',
    breaks: (keyring) =>
      alter(keyring, {
        wrap: async (request) =>
          await keyring.wrap({ ...request, keyMaterial: new Uint8Array(request.keyMaterial.buffer, 0, 32) }),
      }),
    caughtBy: ['takes bytes that are views into larger buffers'],
    says: /unwrap/,
  },
  {
    name: 'keeps the caller’s key material, and gives it again',
    breaks: (keyring) => {
      const kept: { keyMaterial: Uint8Array; ciphertext: Uint8Array }[] = [];
      const keeping = alter(keyring, {
        wrap: async (request) => {
          const result = await keyring.wrap(request);
          for (const { ciphertext } of result.wrappedKeys) kept.push({ keyMaterial: request.keyMaterial, ciphertext });
          return result;
        },
      });
      return ending(keeping, async (work, { wrappedKeys, accepts }) => {
        await work.catch(() => undefined);
        for (const wrappedKey of wrappedKeys) {
          const known = kept.find(({ ciphertext }) => equalBytes(ciphertext, wrappedKey.ciphertext));
          if (known === undefined) continue;
          if (await accepts(known.keyMaterial)) return { keyMaterial: known.keyMaterial, wrappedKey };
          throw notAccepted(keyring, wrappedKey.keyId);
        }
        return await work;
      });
    },
    caughtBy: ['keeps nothing that it was handed after the call'],
    says: /./,
  },
  {
    name: 'hands out the same bytes again',
    breaks: (keyring) => {
      const made = new Map<string, Uint8Array>();
      return ending(keyring, async (work) => {
        const result = await work;
        if (result === null) return null;
        const id = toHex(result.wrappedKey.ciphertext);
        const keyMaterial = made.get(id) ?? result.keyMaterial;
        made.set(id, keyMaterial);
        return { ...result, keyMaterial };
      });
    },
    caughtBy: ['hands out key material that is the caller’s to wipe'],
    says: /bytes of its own/,
  },
];
