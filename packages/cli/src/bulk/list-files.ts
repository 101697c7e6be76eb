import { isKeyfoldError } from '@keyfold/core';
import type { KeyfoldError } from '@keyfold/core';
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOperation } from '../errors/file-error.js';

/** A file to look at, or a folder in a folder that cannot be looked into. */
export interface ListedFile {
  /** As people call it: what they named, or what they named and the way from there. */
  readonly path: string;
  /** Whether it was named itself, rather than found in a folder. */
  readonly named: boolean;
  /** Why it is not known what is there. It counts as a file that cannot be read: envelopes may be in it. */
  readonly failure?: KeyfoldError<'file-failed'>;
}

type FoundFile = Pick<ListedFile, 'path' | 'failure'>;

/** What Keyfold itself puts beside files while it writes them: it may look like an envelope, and is none. */
const OWN = /^\..*\.keyfold-(tmp|rewrap(\..*)?)$/;

/**
 * The files that were named and those in the folders that were named, at any depth, each once, in the order of their names.
 * Links are followed where they were named. In folders they are passed over, as `find` and `grep -r` do: they could lead in
 * a circle, or out of the folder.
 *
 * @throws `file-failed` for what was named and is not there or cannot be listed; whatever `signal` was aborted with
 */
export async function listFiles(paths: readonly string[], signal: AbortSignal): Promise<readonly ListedFile[]> {
  const files: ListedFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const stats = await fileOperation('open', path, stat(path));
    const found = stats.isDirectory() ? filesBelow(path, await entriesOf(path), signal) : [{ path }];
    for await (const file of found) {
      const identity = await realpath(file.path).catch(() => file.path);
      if (!seen.has(identity)) files.push({ ...file, named: !stats.isDirectory() });
      seen.add(identity);
    }
  }
  return files;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  const entries = await fileOperation('list', folder, readdir(folder, { withFileTypes: true }));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is in a folder that was found in one: if it cannot be listed, that alone. */
async function* filesIn(folder: string, signal: AbortSignal): AsyncGenerator<FoundFile, void, undefined> {
  let entries: Dirent[];
  try {
    entries = await entriesOf(folder);
  } catch (error) {
    if (!isKeyfoldError(error, 'file-failed')) throw error;
    yield { path: folder, failure: error };
    return;
  }
  yield* filesBelow(folder, entries, signal);
}

async function* filesBelow(folder: string, entries: readonly Dirent[], signal: AbortSignal): AsyncGenerator<FoundFile, void, undefined> {
  signal.throwIfAborted();
  for (const entry of entries) {
    const path = join(folder, entry.name);
    // Some file systems do not tell the kind of what they list.
    const known = entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
    const kind = known ? entry : await fileOperation('open', path, lstat(path));
    if (kind.isDirectory()) yield* filesIn(path, signal);
    else if (kind.isFile() && !OWN.test(entry.name)) yield { path };
  }
}
