import { keyArn } from '../keys/arn.js';
import { epochSeconds } from '../keys/key-metadata.js';
import { keyState, requireManageable } from '../keys/key-state.js';
import { DAY, isPrimary } from '../keys/kms-key.js';
import { resolveOwnKey } from '../keys/resolve-key.js';
import { invalidState } from '../protocol/kms-error.js';
import type { Operation } from './operation.js';

/** Deletes a key after 7 to 30 days; until then it cannot be used, and can be kept after all. */
export const scheduleKeyDeletion: Operation = (input, context) => {
  const { store, now } = context;
  const windowDays = input.integer('PendingWindowInDays', 7, 30) ?? 30;
  const key = resolveOwnKey(input.text('KeyId'), context);
  requireManageable(key, now);
  const waitsForReplicas = isPrimary(key) && store.relatedKeys(key).length > 0;
  const at = waitsForReplicas ? undefined : now + windowDays * DAY;
  store.update(key, (one) => {
    one.deletion = { windowDays, at };
  });
  return {
    DeletionDate: at === undefined ? undefined : epochSeconds(at),
    KeyId: keyArn(key),
    KeyState: keyState(key, now),
    PendingWindowInDays: windowDays,
  };
};

/** Keeps a key that was scheduled for deletion; it stays disabled until it is enabled. */
export const cancelKeyDeletion: Operation = (input, context) => {
  const key = resolveOwnKey(input.text('KeyId'), context);
  if (key.deletion === undefined) throw invalidState(`${keyArn(key)} is not pending deletion.`);
  context.store.update(key, (one) => {
    one.deletion = undefined;
    one.enabled = false;
  });
  return { KeyId: keyArn(key) };
};
