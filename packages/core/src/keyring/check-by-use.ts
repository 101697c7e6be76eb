import { isKeyfoldError } from '../errors/keyfold-error.js';
import type { KeyfoldError } from '../errors/keyfold-error.js';
import type { FailureReason } from '../errors/reason.js';
import { DATA_KEY_LENGTH } from '../format/constants.js';
import type { WrappedKey } from '../format/wrapped-key.js';
import type { KeyCheck } from './keyring.js';

/** A key to check by using it, and how it is used. */
export interface KeyInUse {
  readonly provider: string;
  readonly keyId: string;
  /** The version that is wrapped with, as far as it is known without a wrap; empty where it is not. */
  readonly keyVersion: string;
  /** Wraps key material as a writer would; absent for a key that is unwrapped with only. Throws `keyring-failed`, `aborted`. */
  readonly wrap?: (keyMaterial: Uint8Array) => Promise<WrappedKey>;
  /**
   * Unwraps that again, as a reader would, and gives what is then wiped. Without a wrapped key, it asks the service to unwrap
   * something that is none. Throws `keyring-failed`, `aborted`.
   */
  readonly unwrap: (wrappedKey: WrappedKey | undefined) => Promise<Uint8Array>;
}

/** What was found out about one use of a key. */
interface Probe {
  readonly permitted: 'yes' | 'no' | 'unknown';
  readonly failure?: KeyfoldError<'keyring-failed'>;
  readonly wrapped?: WrappedKey;
}

/**
 * What `check` says of a key whose service tells nothing of permissions: 32 bytes of zero are wrapped and unwrapped, with the
 * permissions that a keyring needs anyway. Throws `aborted` alone.
 */
export async function checkByUse(key: KeyInUse): Promise<KeyCheck> {
  const wrap = await probeWrap(key);
  const isDenied = wrap.failure?.details.reason === 'access-denied';
  // What keeps a request from being answered at all keeps the other one, too.
  const unwrap = wrap.failure === undefined || isDenied ? await probeUnwrap(key, wrap.wrapped) : UNKNOWN;
  const failures = [wrap, unwrap].flatMap(({ failure }) => failure?.details ?? []);
  // Who may not wrap may still read, and the reverse; who may do neither has a problem.
  const isUsable = wrap.permitted === 'yes' || unwrap.permitted === 'yes';
  const problem = failures.find(({ reason }) => reason !== 'access-denied') ?? (isUsable ? undefined : failures[0]);
  return {
    provider: key.provider,
    keyId: key.keyId,
    keyVersion: wrap.wrapped?.keyVersion ?? key.keyVersion,
    reachable: !failures.some(({ reason }) => NOT_REACHED.has(reason)),
    // Of a key that is unwrapped with only, which versions are enabled shows when they are needed.
    state: failures.map(({ reason }) => STATES.get(reason)).find((state) => state !== undefined) ?? (wrap.permitted === 'yes' ? 'enabled' : 'unknown'),
    permitted: { wrap: wrap.permitted, unwrap: unwrap.permitted, generate: 'no' },
    ...(problem === undefined ? {} : { problem: { reason: problem.reason, remedy: problem.remedy } }),
  };
}

async function probeWrap({ wrap }: KeyInUse): Promise<Probe> {
  if (wrap === undefined) return { permitted: 'no' };
  try {
    return { permitted: 'yes', wrapped: await wrap(new Uint8Array(DATA_KEY_LENGTH)) };
  } catch (error) {
    return failedProbe(error);
  }
}

async function probeUnwrap({ unwrap }: KeyInUse, wrapped: WrappedKey | undefined): Promise<Probe> {
  try {
    const opened = await unwrap(wrapped);
    opened.fill(0);
    return { permitted: 'yes' };
  } catch (error) {
    const probe = failedProbe(error);
    // Services look at permissions first: what is no wrapped key is refused for itself by those who might unwrap one.
    const isRefusedForItself = wrapped === undefined && probe.failure?.details.reason === 'corrupt';
    return isRefusedForItself ? { permitted: 'yes' } : probe;
  }
}

function failedProbe(error: unknown): Probe {
  if (!isKeyfoldError(error, 'keyring-failed')) throw error;
  return { permitted: error.details.reason === 'access-denied' ? 'no' : 'unknown', failure: error };
}

const UNKNOWN: Probe = { permitted: 'unknown' };

/** Reasons that say that no answer of the service arrived. */
const NOT_REACHED: ReadonlySet<FailureReason> = new Set(['unavailable', 'timeout']);

const STATES: ReadonlyMap<FailureReason, KeyCheck['state']> = new Map([
  ['disabled', 'disabled'],
  ['pending-deletion', 'pending-deletion'],
  ['not-found', 'not-found'],
]);
