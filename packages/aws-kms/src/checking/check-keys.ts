import type { KeyCheck } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { Settings } from '../settings/read-options.js';
import { checkKey } from './check-key.js';
import type { Use } from './probe.js';

/** One row for each configured key and Region: states and permissions are each Region's own. Throws `aborted` alone. */
export async function checkKeys(settings: Settings, calls: KmsCalls, signal: AbortSignal): Promise<readonly KeyCheck[]> {
  const { key, alsoUnwrap, algorithm } = settings;
  const uses: readonly Use[] = algorithm === 'SYMMETRIC_DEFAULT' ? ['generate', 'wrap', 'unwrap'] : ['wrap', 'unwrap'];
  const rows = [
    ...key.regions.map(async (region) => await checkKey({ key, region, uses, algorithm }, calls, signal)),
    ...alsoUnwrap.flatMap((listed) =>
      listed.regions.map(async (region) => await checkKey({ key: listed, region, uses: ['unwrap'] }, calls, signal)),
    ),
  ];
  return await Promise.all(rows);
}
