import { attemptsOf, isKeyfoldError, wrapFailed } from '@keyfold/core/keyring';
import type { Region } from '../names/configured-key.js';
import { PROVIDER } from '../provider.js';

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
  throw wrapFailed(failures.flatMap((failure) => attemptsOf(failure, { provider: PROVIDER, name: PROVIDER })), first);
}
