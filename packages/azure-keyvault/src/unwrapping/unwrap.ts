import { DATA_KEY_LENGTH, unwrapEach } from '@keyfold/core/keyring';
import type { Keyring, UnwrapRequest, UnwrapResult } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { VaultCalls } from '../calls/vault-calls.js';
import type { Failure } from '../failures/failure.js';
import { wrongAnswer } from '../failures/vault-error.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { hasPossibleLength } from '../provider.js';
import { plan } from './plan.js';
import type { Attempt } from './plan.js';

/** Unwraps with the configured keys. As `Keyring.unwrap`. */
export async function unwrap(
  keyring: Pick<Keyring, 'provider' | 'name'>,
  keys: readonly ConfiguredKey[],
  calls: VaultCalls,
  request: UnwrapRequest,
): Promise<UnwrapResult | null> {
  const attempts = new Map(plan(keys, request.wrappedKeys).map((attempt) => [attempt.wrappedKey, attempt]));
  return await unwrapEach(keyring, request, (wrappedKey) => {
    const attempt = attempts.get(wrappedKey);
    return attempt && (async () => await unwrapKey(calls, attempt, request.signal));
  });
}

/** The data key of a wrapped key: 32 bytes that are the caller's. Throws `keyring-failed`, `aborted`. */
async function unwrapKey(calls: VaultCalls, { key, algorithm, wrappedKey }: Attempt, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const { ciphertext, keyVersion: version } = wrappedKey;
  const call: VaultCall = { action: 'unwrapKey', key, version, algorithm, operation: 'unwrap' };
  if (!hasPossibleLength(algorithm, ciphertext)) throw calls.fail(call, NOT_A_CIPHERTEXT);
  const { bytes } = await calls.send(call, ciphertext, signal);
  if (bytes.length === DATA_KEY_LENGTH) return bytes;
  bytes.fill(0);
  throw calls.fail(call, wrongAnswer(call, 'without a data key of 32 bytes'));
}

const NOT_A_CIPHERTEXT: Failure = {
  reason: 'corrupt',
  retryable: false,
  message: 'the wrapped key has another length than any of its algorithm.',
  remedy: 'Check that the envelope is unaltered.',
};
