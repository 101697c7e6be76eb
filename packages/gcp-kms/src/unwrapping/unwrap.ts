import { unwrapEach } from '@keyfold/core/keyring';
import type { Keyring, UnwrapRequest, UnwrapResult } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { decrypt } from './decrypt.js';
import { plan } from './plan.js';

/** Unwraps with the configured keys. As `Keyring.unwrap`. */
export async function unwrap(
  keyring: Pick<Keyring, 'provider' | 'name'>,
  keys: readonly ConfiguredKey[],
  calls: KmsCalls,
  request: UnwrapRequest,
): Promise<UnwrapResult | null> {
  const { context, signal } = request;
  const attempts = new Map(plan(keys, request.wrappedKeys).map((attempt) => [attempt.wrappedKey, attempt]));
  return await unwrapEach(keyring, request, (wrappedKey) => {
    const attempt = attempts.get(wrappedKey);
    return attempt && (async () => await decrypt(calls, attempt, context, signal));
  });
}
