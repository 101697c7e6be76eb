import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOperation } from '../errors/file-error.js';

/** A file to look at. */
export interface ListedFile {
  /** As people call it: what they named, or what they named and the way from there. */
  readonly path: string;
  /** Whether it was named itself, rather than found in a folder. */
  readonly named: boolean;
}

/** What Keyfold itself puts beside files while it writes them: it may look like an envelope, and is none. */
const OWN = /^\..*\.keyfold-(tmp|rewrap(\..*)?)$/;

/**
 * The files that were named and those in the folders that were named, at any depth, each once, in the order of their names.
 * Links are followed where they were named. In folders they are passed over, as `find` and `grep -r` do: they could lead in
 * a circle, or out of the folder.
 *
 * @throws `file-failed` for what is not there or cannot be listed; whatever `signal` was aborted with
 */
export async function listFiles(paths: readonly string[], signal: AbortSignal): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const stats = await fileOperation('open', path, stat(path));
    const found = stats.isDirectory() ? filesBelow(path, signal) : [path];
    for await (const file of found) {
      const identity = await fileOperation('open', file, realpath(file));
      if (!seen.has(identity)) files.push({ path: file, named: !stats.isDirectory() });
      seen.add(identity);
    }
  }
  return files;
}

async function* filesBelow(folder: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  signal.throwIfAborted();
  const entries = await fileOperation('list', folder, readdir(folder, { withFileTypes: true }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Some file systems do not tell the kind of what they list.
    const known = entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
    const kind = known ? entry : await fileOperation('open', path, lstat(path));
    if (kind.isDirectory()) yield* filesBelow(path, signal);
    else if (kind.isFile() && !OWN.test(entry.name)) yield path;
  }
}
