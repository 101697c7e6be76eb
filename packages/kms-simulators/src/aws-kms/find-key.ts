import { keyArn } from './keys/arn.js';
import { keyState, type KeyState } from './keys/key-state.js';
import { resolveKey } from './keys/resolve-key.js';
import type { KmsServiceParts } from './kms-service.js';
import { KmsError } from './protocol/kms-error.js';

/** Which key is meant. */
export interface KeyQuery {
  readonly region: string;
  /** Key id, key ARN, alias name or alias ARN. */
  readonly key: string;
  /** Owner, where `key` is no ARN; default: the simulator's `account`. */
  readonly account?: string;
}

/** A key that exists. */
export interface FoundKey {
  readonly keyId: string;
  readonly arn: string;
  readonly state: KeyState;
}

/** Looks a key up without a request. */
export function findKey({ region, key, account }: KeyQuery, parts: KmsServiceParts): FoundKey | undefined {
  const { store, clock, settings } = parts;
  const now = clock.now();
  store.deleteDueKeys(now);
  const caller = { account: account ?? settings.account, region, accessKeyId: '' };
  try {
    const found = resolveKey(key, { store, caller, operation: 'DescribeKey' });
    return { keyId: found.keyId, arn: keyArn(found), state: keyState(found, now) };
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}
