import { isKeyfoldError } from '@keyfold/core';
import type { Attempt, Keyring } from '@keyfold/core';
import { unwrapFailed, wrapFailed } from '@keyfold/core/keyring';
import type {
  GenerateRequest,
  GenerateResult,
  KeyCheck,
  UnwrapRequest,
  UnwrapResult,
  WrapRequest,
  WrapResult,
} from '@keyfold/core/keyring';
import { failureRows } from '../support/failure-rows.js';
import type { Composition } from './composition.js';
import { memoryKeyring } from './memory-keyring.js';

/** One data key under two KEKs: the keyring's, and another one in memory. Either opens it. */
export const anyOfTwo: Composition = {
  name: 'any-of two',
  compose: (keyring) => anyOf([memoryKeyring(), keyring]),
  adapt: (manifest) => ({ ...manifest, wrapsPerKeyring: (manifest.wrapsPerKeyring ?? 1) + 1 }),
};

/** The plainest keyring of several: all must wrap, the first that unwraps is taken. */
function anyOf(members: readonly Keyring[]): Keyring {
  const generator = members.find((member) => member.generate !== undefined);
  const checkers = members.filter((member) => member.check !== undefined);
  return {
    specificationVersion: 'keyring-v1',
    provider: 'any-of',
    name: `any-of(${members.map(({ name }) => name).join(', ')})`,
    keks: members.flatMap(({ keks }) => keks),
    wrap: async (request) => await wrapUnderAll(members, request),
    unwrap: async (request) => await unwrapByFirst(members, request),
    ...(generator && {
      generate: async (request) => await generateThenWrap(generator, members, request),
    }),
    ...(checkers.length > 0 && {
      check: async (request): Promise<readonly KeyCheck[]> =>
        (await Promise.all(checkers.map(async (member) => (await member.check?.(request)) ?? []))).flat(),
    }),
  };
}

async function wrapUnderAll(members: readonly Keyring[], request: WrapRequest): Promise<WrapResult> {
  const results = await Promise.allSettled(members.map(async (member) => await member.wrap(request)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) throw oneError(errors, wrapFailed);
  return { wrappedKeys: results.flatMap((result) => (result.status === 'fulfilled' ? result.value.wrappedKeys : [])) };
}

async function generateThenWrap(
  generator: Keyring,
  members: readonly Keyring[],
  request: GenerateRequest,
): Promise<GenerateResult> {
  const made = await generator.generate?.(request);
  if (made === undefined) throw new Error('This keyring does not generate.');
  const { keyMaterial } = made;
  try {
    const others = members.filter((member) => member !== generator);
    const { wrappedKeys } = await wrapUnderAll(others, { ...request, keyMaterial });
    return { keyMaterial, wrappedKeys: [...made.wrappedKeys, ...wrappedKeys] };
  } catch (error) {
    keyMaterial.fill(0);
    throw error;
  }
}

async function unwrapByFirst(members: readonly Keyring[], request: UnwrapRequest): Promise<UnwrapResult | null> {
  const errors: unknown[] = [];
  for (const member of members) {
    try {
      const result = await member.unwrap(request);
      if (result !== null) return result;
    } catch (error) {
      if (isKeyfoldError(error, 'aborted')) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw oneError(errors, unwrapFailed);
  return null;
}

/** An abort as it is; else the only error there is, or all of them in one table. */
function oneError(
  errors: readonly unknown[],
  summary: (attempts: readonly Attempt[], cause: unknown) => Error,
): unknown {
  const [first] = errors;
  const rows = errors.map((error) => failureRows(error));
  const own = errors.find((error) => isKeyfoldError(error, 'aborted')) ?? errors[rows.indexOf(undefined)];
  if (own !== undefined || errors.length === 1) return own ?? first;
  return summary(
    rows.flatMap((row) => row ?? []).map((row) => ({ ...row, outcome: 'failed' })),
    first,
  );
}
