import { checkByUse, encryptionContext } from '@keyfold/core/keyring';
import type { KeyCheck, KeyInUse, WrappedKey } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { PROVIDER, RSA_ALGORITHMS } from '../provider.js';
import type { Settings } from '../settings/read-options.js';
import { asymmetric, symmetric } from '../unwrapping/decrypt.js';
import { encrypt } from '../wrapping/encrypt.js';
import { fetchPublicKey, sealFor } from '../wrapping/rsa-wrap.js';

/** One row for each configured key. Throws `aborted` alone. */
export async function checkKeys({ key, alsoUnwrap }: Settings, calls: KmsCalls, signal: AbortSignal): Promise<readonly KeyCheck[]> {
  const wrap = async (keyMaterial: Uint8Array): Promise<WrappedKey> =>
    key.kind === 'symmetric'
      ? await encrypt(calls, key.name, keyMaterial, await encryptionContext({}), signal, 'check')
      : await sealFor(key, await fetchPublicKey(calls, key, signal, 'check'), keyMaterial);
  const keys: readonly KeyInUse[] = [{ ...unwrapping(key, calls, signal), wrap }, ...alsoUnwrap.map((one) => unwrapping(one, calls, signal))];
  return await Promise.all(keys.map(checkByUse));
}

/** A key that is unwrapped with. */
function unwrapping(key: ConfiguredKey, calls: KmsCalls, signal: AbortSignal): KeyInUse {
  const { name } = key;
  const unwrap = async (ciphertext: Uint8Array): Promise<Uint8Array> => {
    if (key.kind === 'symmetric') {
      const call: KmsCall = { action: 'Decrypt', key: name, operation: 'check' };
      return await symmetric(calls, call, ciphertext, await encryptionContext({}), signal);
    }
    const { version } = key;
    const call: KmsCall = { action: 'AsymmetricDecrypt', key: name, version, operation: 'check' };
    return await asymmetric(calls, call, version, ciphertext, signal);
  };
  return {
    provider: PROVIDER,
    keyId: name.text,
    keyVersion: key.kind === 'rsa' ? key.version : '',
    unwrap: async (wrappedKey) => await unwrap(wrappedKey?.ciphertext ?? new Uint8Array(RSA_ALGORITHMS.RSA_DECRYPT_OAEP_2048_SHA256)),
  };
}
