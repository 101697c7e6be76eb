import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { usageError } from '../errors/usage-error.js';

export const CONFIG_NAME = 'keyfold.config.json';

/**
 * The nearest configuration: in the folder, or in the nearest one above it.
 *
 * @throws `invalid-argument` when that belongs to another user, who could choose the keys that data is encrypted with:
 *   for example one that was left in /tmp
 */
export async function findConfig(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, CONFIG_NAME);
    const stats = await stat(file).catch(() => undefined);
    if (stats?.isFile()) {
      if (isTrustedOwner(stats.uid, process.getuid?.())) return file;
      throw usageError(
        file,
        'this configuration belongs to another user, who could choose the keys that you encrypt with. ' +
          `Name it with --config if you trust it, or pass --no-config.`,
      );
    }
    if (dirname(at) === at) return undefined;
  }
}

/** Whether a file of this owner may choose our keys unasked: our own, or the administrator's. */
export function isTrustedOwner(owner: number, self: number | undefined): boolean {
  return self === undefined || owner === self || owner === 0;
}
