import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeyfoldError } from '@keyfold/core';
import { fileFailed, fileOperation, systemCodeOf } from '../errors/file-error.js';

export interface SmallFileOptions {
  /** Permission bits, before the umask. */
  readonly mode: number;
  readonly overwrite: boolean;
}

/**
 * Writes a small file whole or not at all: under a temporary name beside it, synced, then renamed. A link is followed; a
 * replaced file keeps its permissions. Large files, with envelopes in them, are the core's.
 *
 * @throws `file-exists`, `file-failed`
 */
export async function writeSmallFile(path: string, content: string | Uint8Array, options: SmallFileOptions): Promise<void> {
  await assertWritable(path, options.overwrite);
  const target = await realpath(path).catch(() => path);
  if ((await exists(path)) && !(await exists(target))) {
    throw fileFailed('follow', path, new Error('it leads to a name that is not UTF-8; rename that.'));
  }
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.keyfold-tmp`);
  const handle = await fileOperation('create', path, open(temporary, 'wx', options.mode));
  try {
    try {
      const existing = await stat(target).catch(() => undefined);
      if (existing !== undefined) await fileOperation('set the permissions of', path, handle.chmod(await permissionsLike(existing, handle)));
      await fileOperation('write', path, handle.writeFile(content));
      await fileOperation('write', path, handle.sync());
    } finally {
      await handle.close();
    }
    if (options.overwrite) await fileOperation('replace', path, rename(temporary, target));
    else await publishNew(temporary, target);
  } finally {
    // After a rename there is nothing left to remove.
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(target));
}

/** Makes the name survive a power loss, where the system can: a key that is gone takes with it what it encrypted meanwhile. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}

/** Those of the file that is replaced; a group that is not its own may do nothing. */
async function permissionsLike(existing: Stats, handle: FileHandle): Promise<number> {
  const { gid } = await handle.stat();
  return existing.mode & (gid === existing.gid ? 0o777 : 0o707);
}

/** Refuses, before any work, a path that would be refused after it. Throws `file-exists`. */
export async function assertWritable(path: string, overwrite: boolean): Promise<void> {
  if (!overwrite && (await exists(path))) throw fileExists(path);
}

/** `rename` would replace a file that came into being meanwhile; `link` refuses to. */
async function publishNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    // A file system without hard links: look once more, then rename.
    if (systemCodeOf(error) === 'EEXIST' || (await exists(path))) throw fileExists(path);
    await fileOperation('create', path, rename(temporary, path));
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function fileExists(path: string): KeyfoldError<'file-exists'> {
  return new KeyfoldError('file-exists', `${path} exists and was left as it is.`, { path });
}
