import { realpath } from 'node:fs/promises';

/** The file that a path names: a link is followed, so that the file is replaced and not the link. */
export async function resolveTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}
