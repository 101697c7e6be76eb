import type { GenerateRequest, GenerateResult } from '@keyfold/core/keyring';
import { encryptionContext } from '@keyfold/core/keyring';
import { alter } from './mutant.js';
import type { Mutant } from './mutant.js';

const FRESH = 'makes a new data key of 32 bytes every time';
const AS_WRAP = 'wraps what it makes as wrap does';

/** A keyring that generates otherwise. */
function generating(
  change: (
    make: (request: GenerateRequest) => Promise<GenerateResult>,
    request: GenerateRequest,
  ) => Promise<GenerateResult>,
): Exclude<Mutant['breaks'], undefined> {
  return (keyring) => {
    const generate = keyring.generate?.bind(keyring);
    if (generate === undefined) return keyring;
    const make = async (request: GenerateRequest): Promise<GenerateResult> => await generate(request);
    return alter(keyring, { generate: async (request) => await change(make, request) });
  };
}

/** The same data key every time, for whoever asks. */
function once(copies: boolean): Exclude<Mutant['breaks'], undefined> {
  return (keyring) => {
    let made: Promise<GenerateResult> | undefined;
    return generating(async (make, request) => {
      made ??= make(request);
      const { keyMaterial, wrappedKeys } = await made;
      return { keyMaterial: copies ? new Uint8Array(keyMaterial) : keyMaterial, wrappedKeys };
    })(keyring, undefined as never);
  };
}

export const generatingMutants: readonly Mutant[] = [
  { name: 'makes the same data key again', breaks: once(true), caughtBy: [FRESH], says: /a new key every time/ },
  {
    name: 'makes a short data key',
    breaks: generating(async (make, request) => {
      const made = await make(request);
      return { ...made, keyMaterial: made.keyMaterial.slice(0, 16) };
    }),
    caughtBy: [FRESH],
    says: /must make 32 bytes; it made 16/,
  },
  {
    name: 'makes a data key of zeros',
    breaks: generating(async (make, request) => ({ ...(await make(request)), keyMaterial: new Uint8Array(32) })),
    caughtBy: [FRESH],
    says: /random bytes/,
  },
  {
    name: 'stores the data key beside the wrapped one',
    breaks: generating(async (make, request) => {
      const { keyMaterial, wrappedKeys } = await make(request);
      return {
        keyMaterial,
        wrappedKeys: wrappedKeys.map((key) => ({ ...key, ciphertext: new Uint8Array(keyMaterial) })),
      };
    }),
    caughtBy: [FRESH],
    says: /in the clear/,
  },
  {
    name: 'gives another data key than it wraps',
    breaks: generating(async (make, request) => ({
      ...(await make(request)),
      keyMaterial: crypto.getRandomValues(new Uint8Array(32)),
    })),
    caughtBy: [AS_WRAP, 'opens what was encrypted in one call'],
    says: /./,
  },
  {
    name: 'generates under one KEK of two',
    base: 'two KEKs',
    breaks: generating(async (make, request) => {
      const made = await make(request);
      return { ...made, wrappedKeys: made.wrappedKeys.slice(0, 1) };
    }),
    caughtBy: [AS_WRAP, 'has its wrapped keys named by inspect'],
    says: /one wrapped key for each KEK|it has 1/,
  },
  {
    name: 'stores another version than wrap does',
    breaks: generating(async (make, request) => {
      const made = await make(request);
      return { ...made, wrappedKeys: made.wrappedKeys.map((key) => ({ ...key, keyVersion: 'v12' })) };
    }),
    caughtBy: [AS_WRAP],
    says: /the identifiers that wrap stores/,
  },
  {
    name: 'hands out the same data key’s bytes again',
    breaks: once(false),
    caughtBy: ['hands out a data key that is the caller’s to wipe'],
    says: /wipe/i,
  },
  {
    name: 'generates without the context',
    breaks: generating(async (make, request) => await make({ ...request, context: await encryptionContext() })),
    caughtBy: [AS_WRAP],
    says: /unwrap must succeed/,
  },
];
