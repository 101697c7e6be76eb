import type { FailureReason, KeyCheck } from '@keyfold/core/keyring';
import type { VaultCalls } from '../calls/vault-calls.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { PROVIDER } from '../provider.js';
import { defaultAlgorithm } from '../settings/read-options.js';
import type { Settings } from '../settings/read-options.js';
import { probeUnwrap, probeWrap } from './probe.js';
import type { Probe } from './probe.js';

/** One row for each configured key. Throws `aborted` alone. */
export async function checkKeys(settings: Settings, calls: VaultCalls, signal: AbortSignal): Promise<readonly KeyCheck[]> {
  const others = settings.alsoUnwrap.map(async (one) => await checkUnwrapping(one, calls, signal));
  return await Promise.all([checkKey(settings, calls, signal), ...others]);
}

/** A key that is wrapped with: it wraps and unwraps 32 bytes of zero, with the permissions that a keyring needs anyway. */
async function checkKey(settings: Settings, calls: VaultCalls, signal: AbortSignal): Promise<KeyCheck> {
  const { key, algorithm } = settings;
  const { sample, ...wrap } = await probeWrap(settings, calls, signal);
  const isDenied = wrap.failure?.details.reason === 'access-denied';
  // What keeps a request from being answered at all keeps the other one, too.
  const unwrap: Probe =
    wrap.failure === undefined || isDenied ? await probeUnwrap({ key, algorithm, sample }, calls, signal) : { permitted: 'unknown' };
  return row(key, sample?.version ?? key.version ?? '', wrap, unwrap, wrap.permitted === 'yes' ? 'enabled' : 'unknown');
}

/** A key that is unwrapped with only. Which of its versions are enabled shows when they are needed. */
async function checkUnwrapping(key: ConfiguredKey, calls: VaultCalls, signal: AbortSignal): Promise<KeyCheck> {
  const unwrap = await probeUnwrap({ key, algorithm: defaultAlgorithm(key) }, calls, signal);
  return row(key, key.version ?? '', { permitted: 'no' }, unwrap, 'unknown');
}

function row({ id }: ConfiguredKey, keyVersion: string, wrap: Probe, unwrap: Probe, state: KeyCheck['state']): KeyCheck {
  const failures = [wrap, unwrap].flatMap(({ failure }) => failure?.details ?? []);
  // Who may not wrap may still read, and the reverse; who may do neither has a problem.
  const usable = wrap.permitted === 'yes' || unwrap.permitted === 'yes';
  const problem = failures.find(({ reason }) => reason !== 'access-denied' || !usable);
  return {
    provider: PROVIDER,
    keyId: id.text,
    keyVersion,
    reachable: !failures.some(({ reason }) => NOT_REACHED.has(reason)),
    state: failures.map(({ reason }) => STATES.get(reason)).find((one) => one !== undefined) ?? state,
    permitted: { wrap: wrap.permitted, unwrap: unwrap.permitted, generate: 'no' },
    ...(problem === undefined ? {} : { problem: { reason: problem.reason, remedy: problem.remedy } }),
  };
}

/** Reasons that say that no answer of the service arrived. */
const NOT_REACHED: ReadonlySet<FailureReason> = new Set(['unavailable', 'timeout']);

const STATES: ReadonlyMap<FailureReason, KeyCheck['state']> = new Map([
  ['disabled', 'disabled'],
  ['pending-deletion', 'pending-deletion'],
  ['not-found', 'not-found'],
]);
