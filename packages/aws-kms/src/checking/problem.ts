import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { KeyCheck, KeyringFailure } from '@keyfold/core/keyring';
import type { KmsCall } from '../calls/kms-call.js';
import { meaningOfState } from '../failures/service-errors.js';
import type { AwsKmsAlgorithm } from '../provider.js';
import { algorithmOf } from './describe.js';
import { ACTIONS } from './probe.js';
import type { Probe, Use } from './probe.js';

type Problem = NonNullable<KeyCheck['problem']>;

/** What is wrong with a key by its description, whoever asks: its state, or its kind. */
export function problemOfKey(metadata: KeyMetadata, wanted: AwsKmsAlgorithm | undefined, call: KmsCall): Problem | undefined {
  const { KeyState = 'unknown' } = metadata;
  if (KeyState !== 'Enabled') {
    const { reason, remedy } = meaningOfState(KeyState);
    return { reason, remedy: remedy(call) };
  }
  const actual = algorithmOf(metadata);
  if (actual === undefined) {
    return { reason: 'misconfigured', remedy: 'Use a symmetric or RSA key whose usage is ENCRYPT_DECRYPT.' };
  }
  if (wanted === undefined || wanted === actual) return undefined;
  return { reason: 'misconfigured', remedy: `Pass algorithm: '${actual}' to awsKmsKeyring: that is how this key wraps.` };
}

/**
 * What is wrong with the credentials' use of a key. That some uses are not permitted is no problem: a writer need not read.
 * That none is, is one; and so is a request that failed for any other reason.
 */
export function problemOfUse(probes: ReadonlyMap<Use, Probe>, keyId: string): Problem | undefined {
  const failures = [...probes.values()].flatMap(({ failure }) => failure ?? []);
  const broken = failures.find(({ reason }) => reason !== 'access-denied');
  if (broken !== undefined) return problemOf(broken);
  if (failures.length < probes.size || failures.length === 0) return undefined;
  const actions = [...probes.keys()].map((use) => `kms:${ACTIONS[use]}`).join(', ');
  return {
    reason: 'access-denied',
    remedy: `Allow what this program needs of ${actions} on ${keyId} to these credentials, in their IAM policy or the key policy.`,
  };
}

export function problemOf({ reason, remedy }: KeyringFailure): Problem {
  return { reason, remedy };
}
