import { isKeyfoldError } from '@keyfold/core/keyring';
import type { KeyfoldError } from '@keyfold/core/keyring';
import type { VaultCall } from '../calls/vault-call.js';
import type { VaultCalls } from '../calls/vault-calls.js';
import { ALGORITHMS, DATA_KEY_LENGTH } from '../provider.js';
import type { Settings } from '../settings/read-options.js';
import { wrapKey } from '../wrapping/wrap.js';

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
export async function probeWrap(settings: Settings, calls: VaultCalls, signal: AbortSignal): Promise<Probe & { readonly sample?: Sample }> {
  try {
    const { keyVersion: version, ciphertext } = await wrapKey(settings, calls, new Uint8Array(DATA_KEY_LENGTH), signal, 'check');
    return { permitted: 'yes', sample: { version, ciphertext } };
  } catch (error) {
    return failedProbe(error);
  }
}

/**
 * Unwraps that again, as a reader would; or, where there is nothing to unwrap, a wrapped key that is none: the service
 * looks at permissions first. Throws `aborted` alone.
 */
export async function probeUnwrap(
  { key, algorithm, sample }: Pick<VaultCall, 'algorithm'> & Pick<Settings, 'key'> & { readonly sample?: Sample | undefined },
  calls: VaultCalls,
  signal: AbortSignal,
): Promise<Probe> {
  const call: VaultCall = { action: 'unwrapKey', key, version: sample?.version ?? key.version, algorithm, operation: 'check' };
  try {
    const { bytes } = await calls.send(call, sample?.ciphertext ?? new Uint8Array(ALGORITHMS[algorithm][0]), signal);
    bytes.fill(0);
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
