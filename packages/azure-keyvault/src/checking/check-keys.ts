import { checkByUse } from '@keyfold/core/keyring';
import type { KeyCheck, KeyInUse } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { VaultCalls } from '../calls/vault-calls.js';
import { ALGORITHMS, PROVIDER } from '../provider.js';
import { defaultAlgorithm } from '../settings/read-options.js';
import type { Settings } from '../settings/read-options.js';
import { wrapKey } from '../wrapping/wrap.js';

/** One row for each configured key. Throws `aborted` alone. */
export async function checkKeys(settings: Settings, calls: VaultCalls, signal: AbortSignal): Promise<readonly KeyCheck[]> {
  const keys: readonly KeyInUse[] = [
    { ...unwrapping(settings, calls, signal), wrap: async (keyMaterial) => await wrapKey(settings, calls, keyMaterial, signal, 'check') },
    ...settings.alsoUnwrap.map((key) => unwrapping({ key, algorithm: defaultAlgorithm(key) }, calls, signal)),
  ];
  return await Promise.all(keys.map(checkByUse));
}

/** A key that is unwrapped with. */
function unwrapping({ key, algorithm }: Pick<Settings, 'key' | 'algorithm'>, calls: VaultCalls, signal: AbortSignal): KeyInUse {
  return {
    provider: PROVIDER,
    keyId: key.id.text,
    keyVersion: key.version ?? '',
    unwrap: async (wrappedKey) => {
      const call: VaultCall = { action: 'unwrapKey', key, version: wrappedKey?.keyVersion ?? key.version, algorithm, operation: 'check' };
      const { bytes } = await calls.send(call, wrappedKey?.ciphertext ?? new Uint8Array(ALGORITHMS[algorithm][0]), signal);
      return bytes;
    },
  };
}
