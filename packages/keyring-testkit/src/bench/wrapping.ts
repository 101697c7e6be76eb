import type { Keyring } from '@keyfold/core';
import type { EncryptionContext, GenerateResult, KeyCheck, WrappedKey } from '@keyfold/core/keyring';
import { assert, fail } from '../support/assert.js';
import type { Outcome } from '../support/settle.js';
import type { Bench } from './bench.js';
import { call, quiet } from './call.js';

/** Wraps, which must succeed. Gives all wrapped keys, those of a composition included. */
export async function wrap(
  bench: Bench,
  keyring: Keyring,
  keyMaterial: Uint8Array,
  context: EncryptionContext,
): Promise<readonly WrappedKey[]> {
  const outcome = await call(bench, keyring, 'wrap', { keyMaterial, context, signal: quiet() });
  const { wrappedKeys } = succeeded(outcome, 'wrap');
  assert(isArray(wrappedKeys) && wrappedKeys.length > 0, 'wrap must give an array of at least one wrapped key.');
  return wrappedKeys;
}

/** As `wrap`; gives those of the keyring under test alone. */
export async function wrapOwn(
  bench: Bench,
  keyring: Keyring,
  keyMaterial: Uint8Array,
  context: EncryptionContext,
): Promise<WrappedKey[]> {
  const own = bench.own(await wrap(bench, keyring, keyMaterial, context));
  assert(own.length > 0, `wrap must give a wrapped key with the provider ${bench.manifest.provider}.`);
  return own;
}

/** Makes a data key, which must succeed. */
export async function generate(bench: Bench, keyring: Keyring, context: EncryptionContext): Promise<GenerateResult> {
  const made = succeeded(await call(bench, keyring, 'generate', { context, signal: quiet() }), 'generate');
  assert(made.keyMaterial instanceof Uint8Array, 'generate must give key material as a Uint8Array.');
  bench.secrets.push(new Uint8Array(made.keyMaterial));
  return made;
}

/** Checks, which must succeed. Gives what it says of the KEKs of the keyring under test. */
export async function check(bench: Bench, keyring: Keyring): Promise<readonly KeyCheck[]> {
  const checks = succeeded(await call(bench, keyring, 'check', { signal: quiet() }), 'check');
  assert(isArray(checks), 'check must give an array, one item for each KEK.');
  return checks.filter(({ provider }) => provider === bench.plan.inside.provider);
}

/** `Array.isArray` makes `any[]` of a read-only array. */
function isArray(value: unknown): boolean {
  return Array.isArray(value);
}

/** The result of a call that must not fail. */
export function succeeded<T>(outcome: Outcome<T>, what: string): T {
  if (outcome.status === 'rejected') fail(`${what} must succeed here; it threw (see the cause).`, outcome.error);
  return outcome.value;
}
