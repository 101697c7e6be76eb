import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * The file that a path names: a link is followed, so that the file is replaced and not the link. Two paths of one file,
 * also of one that does not exist yet, give the same.
 */
export async function resolveTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return join(await realpath(dirname(path)).catch(() => dirname(path)), basename(path));
  }
}
