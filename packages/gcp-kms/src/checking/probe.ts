import { encryptionContext, isKeyfoldError } from '@keyfold/core/keyring';
import type { KeyfoldError } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { DATA_KEY_LENGTH, RSA_ALGORITHMS } from '../provider.js';
import { asymmetric, symmetric } from '../unwrapping/decrypt.js';
import { encrypt } from '../wrapping/encrypt.js';
import { fetchPublicKey, sealFor } from '../wrapping/rsa-wrap.js';

/** What was found out about one use of a key. */
export interface Probe {
  readonly permitted: 'yes' | 'no' | 'unknown';
  readonly failure?: KeyfoldError<'keyring-failed'>;
}

/** A wrapped key to try unwrapping with. */
interface Sample {
  readonly version: string;
  readonly ciphertext: Uint8Array;
}

/** Wraps 32 bytes of zero, as a writer would. Throws `aborted` alone. */
export async function probeWrap(key: ConfiguredKey, calls: KmsCalls, signal: AbortSignal): Promise<Probe & { readonly sample?: Sample }> {
  const zeros = new Uint8Array(DATA_KEY_LENGTH);
  try {
    const { keyVersion: version, ciphertext } =
      key.kind === 'symmetric'
        ? await encrypt(calls, key.name, zeros, await encryptionContext({}), signal, 'check')
        : await sealFor(key, await fetchPublicKey(calls, key, signal, 'check'), zeros);
    return { permitted: 'yes', sample: { version, ciphertext } };
  } catch (error) {
    return failedProbe(error);
  }
}

/**
 * Unwraps that again, as a reader would; or, where there is nothing to unwrap, a wrapped key that is none: the service
 * looks at permissions first. Throws `aborted` alone.
 */
export async function probeUnwrap(key: ConfiguredKey, sample: Sample | undefined, calls: KmsCalls, signal: AbortSignal): Promise<Probe> {
  const { name } = key;
  const call: KmsCall =
    key.kind === 'symmetric'
      ? { action: 'Decrypt', key: name, operation: 'check' }
      : { action: 'AsymmetricDecrypt', key: name, version: key.version, operation: 'check' };
  try {
    const { ciphertext = new Uint8Array(RSA_ALGORITHMS.RSA_DECRYPT_OAEP_2048_SHA256) } = sample ?? {};
    const opened =
      key.kind === 'symmetric'
        ? await symmetric(calls, call, ciphertext, await encryptionContext({}), signal)
        : await asymmetric(calls, call, key.version, ciphertext, signal);
    opened.fill(0);
    return { permitted: 'yes' };
  } catch (error) {
    const probe = failedProbe(error);
    const isRefusedForItself = sample === undefined && probe.failure?.details.reason === 'corrupt';
    return isRefusedForItself ? { permitted: 'yes' } : probe;
  }
}

function failedProbe(error: unknown): Probe {
  if (!isKeyfoldError(error, 'keyring-failed')) throw error;
  return { permitted: error.details.reason === 'access-denied' ? 'no' : 'unknown', failure: error };
}
