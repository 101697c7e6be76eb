import { isKeyfoldError, wrapFailed } from '@keyfold/core/keyring';
import type { Attempt } from '@keyfold/core/keyring';
import type { Region } from '../names/configured-key.js';

/**
 * The result in the first Region that has one. What fails in one Region may well work in the next: permissions, key
 * states, quotas and outages are each Region's own.
 *
 * Throws `keyring-failed` (several Regions: `wrap-failed`), `aborted`.
 */
export async function inFirstRegion<T>(regions: readonly Region[], run: (region: Region) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const region of regions) {
    try {
      return await run(region);
    } catch (error) {
      if (!isKeyfoldError(error, 'keyring-failed')) throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (failures.length === 1) throw first;
  throw wrapFailed(failures.flatMap(attemptOf), first);
}

function attemptOf(error: unknown): Attempt[] {
  if (!isKeyfoldError(error, 'keyring-failed')) return [];
  const { provider, keyring, keyId, reason, retryable, remedy } = error.details;
  return [{ provider, keyring, keyId, outcome: 'failed', reason, retryable, remedy, message: error.message }];
}
