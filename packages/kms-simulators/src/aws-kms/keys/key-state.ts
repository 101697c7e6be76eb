import { invalidState, KmsError } from '../protocol/kms-error.js';
import { keyArn } from './arn.js';
import type { KmsKey } from './kms-key.js';

export type KeyState = 'Creating' | 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingReplicaDeletion';

/** The state of a key at a time. */
export function keyState(key: KmsKey, now: number): KeyState {
  if (key.deletion !== undefined) {
    return key.deletion.at === undefined ? 'PendingReplicaDeletion' : 'PendingDeletion';
  }
  if (now < key.usableFrom) return 'Creating';
  return key.enabled ? 'Enabled' : 'Disabled';
}

/** @throws KmsError unless the key may be used for cryptography. */
export function requireUsable(key: KmsKey, now: number): void {
  requireManageable(key, now);
  if (!key.enabled) throw new KmsError('DisabledException', `${keyArn(key)} is disabled.`);
}

/** @throws KmsError unless the key may be enabled, disabled, or scheduled for deletion. */
export function requireManageable(key: KmsKey, now: number): void {
  if (keyState(key, now) === 'Creating') throw invalidState(`${keyArn(key)} is creating.`);
  requireNotPendingDeletion(key);
}

/** @throws KmsError if the key is scheduled for deletion. */
export function requireNotPendingDeletion(key: KmsKey): void {
  if (key.deletion === undefined) return;
  const what = key.deletion.at === undefined ? 'replica deletion' : 'deletion';
  throw invalidState(`${keyArn(key)} is pending ${what}.`);
}
