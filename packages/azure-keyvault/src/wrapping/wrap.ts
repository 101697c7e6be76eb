import { assertKeyMaterial } from '@keyfold/core/keyring';
import type { KeyringFailure, WrappedKey, WrapRequest, WrapResult } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { VaultCalls } from '../calls/vault-calls.js';
import { wrongAnswer } from '../failures/vault-error.js';
import { hasPossibleLength, PROVIDER } from '../provider.js';
import type { Settings } from '../settings/read-options.js';

/** As `Keyring.wrap`. */
export async function wrap(settings: Settings, calls: VaultCalls, { keyMaterial, signal }: WrapRequest): Promise<WrapResult> {
  assertKeyMaterial(keyMaterial);
  return { wrappedKeys: [await wrapKey(settings, calls, keyMaterial, signal, 'wrap')] };
}

/** Wraps with the version that is configured, or with the newest. Throws `keyring-failed`, `aborted`. */
export async function wrapKey(
  { key, algorithm }: Settings,
  calls: VaultCalls,
  keyMaterial: Uint8Array,
  signal: AbortSignal,
  operation: KeyringFailure['operation'],
): Promise<WrappedKey> {
  const call: VaultCall = { action: 'wrapKey', key, version: key.version, algorithm, operation };
  const { bytes: ciphertext, version } = await calls.send(call, keyMaterial, signal);
  if (hasPossibleLength(algorithm, ciphertext)) return { provider: PROVIDER, keyId: key.id.text, keyVersion: version, algorithm, ciphertext };
  throw calls.fail(call, wrongAnswer(call, 'with a wrapped key of no possible length'));
}
