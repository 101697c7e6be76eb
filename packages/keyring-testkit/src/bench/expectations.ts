import type { Keyring } from '@keyfold/core';
import type { EncryptionContext, UnwrapResult, WrappedKey } from '@keyfold/core/keyring';
import { assert, fail, show } from '../support/assert.js';
import { equalBytes } from '../support/bytes.js';
import type { Bench } from './bench.js';
import { checkFailure } from './failure.js';
import type { ExpectedFailure } from './failure.js';
import { unwrap } from './unwrapping.js';
import type { UnwrapCall, Unwrapping } from './unwrapping.js';
import { succeeded } from './wrapping.js';

/** Unwraps; the result must be this key material, accepted, from one of the wrapped keys. */
export async function assertOpens(
  bench: Bench,
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  context: EncryptionContext,
  expected: Uint8Array,
): Promise<UnwrapResult> {
  const accept = (keyMaterial: Uint8Array): boolean => equalBytes(keyMaterial, expected);
  const { outcome, offered, wrappedKeys: parsed } = await unwrap(bench, keyring, wrappedKeys, { context, accept });
  const result = succeeded(outcome, 'unwrap');
  assert(result !== null, 'unwrap must open a wrapped key of its own; it gave null, as if it were another’s.');
  assert(
    offered.some(({ copy }) => accept(copy)),
    'unwrap must ask request.accepts before it returns key material.',
  );
  assert(equalBytes(result.keyMaterial, expected), 'unwrap must give the key material that was wrapped.');
  assert(parsed.includes(result.wrappedKey), 'unwrap must name the wrapped key that it opened, one of the request’s.');
  return result;
}

/** Unwraps; the answer must be `null`: nothing there is this keyring's. */
export async function assertForeign(
  bench: Bench,
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  context: EncryptionContext,
): Promise<void> {
  const { outcome, offered } = await unwrap(bench, keyring, wrappedKeys, { context, accept: () => true });
  const result = succeeded(outcome, 'unwrap, where no wrapped key is its own,');
  assert(result === null && offered.length === 0, 'unwrap must give null when no wrapped key is its own.');
}

/** Unwraps; it must fail, because something there is this keyring's. */
export async function assertFails(
  bench: Bench,
  keyring: Keyring,
  wrappedKeys: readonly WrappedKey[],
  { accept = () => true, ...call }: Partial<UnwrapCall> & Pick<UnwrapCall, 'context'>,
  expected: ExpectedFailure,
): Promise<Unwrapping> {
  const unwrapping = await unwrap(bench, keyring, wrappedKeys, { ...call, accept });
  const { outcome } = unwrapping;
  if (outcome.status === 'fulfilled') {
    const seen = outcome.value === null ? 'gave null, as if nothing were its own' : 'gave key material';
    fail(`unwrap must throw when a wrapped key is its own and cannot be opened; it ${seen}.`);
  }
  checkFailure(bench, outcome.error, 'unwrap', expected);
  return unwrapping;
}

/** Unwraps a wrapped key that no one honest has written: `null` or an error, and no key material was even looked at. */
export async function assertRefuses(
  bench: Bench,
  keyring: Keyring,
  wrappedKey: WrappedKey,
  context: EncryptionContext,
  field: keyof WrappedKey,
): Promise<void> {
  const { outcome, offered } = await unwrap(bench, keyring, [wrappedKey], { context, accept: () => true });
  const what = `a wrapped key whose ${field} is ${show(wrappedKey[field])}`;
  assert(offered.length === 0, `unwrap must not unwrap ${what}: compare it with the configuration first.`);
  if (outcome.status === 'rejected') checkFailure(bench, outcome.error, 'unwrap', {});
  else assert(outcome.value === null, `unwrap must not open ${what}.`);
}
