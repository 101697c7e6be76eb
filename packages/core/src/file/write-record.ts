import type { Stats } from 'node:fs';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isKeyfoldError } from '../errors/keyfold-error.js';
import { copyPermissions } from './copy-permissions.js';
import { codeOf, fileOperation } from './file-error.js';
import type { RewrapRecord } from './rewrap-record.js';
import { syncFolder } from './sync-folder.js';

/** Whom a record is for: it can be read by those who can read the file that it lies beside. */
export type Beside = Stats;

/** Creates a record whole, or says that there is one. Throws `file-failed`. */
export async function createRecord(path: string, record: RewrapRecord, beside: Beside): Promise<boolean> {
  for (;;) {
    const temporary = await writeTemporary(path, record, beside);
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      // Whoever took the lock has tidied up behind those who were killed, and could not tell this one from theirs.
      if (codeOf(error) === 'ENOENT') continue;
      return await createInPlace(path, record, beside);
    } finally {
      await discard(temporary);
    }
  }
}

/** Puts a record in the place of the one that this process holds, so that it survives a power loss. Throws `file-failed`. */
export async function replaceRecord(path: string, record: RewrapRecord, beside: Beside): Promise<void> {
  const temporary = await writeTemporary(path, record, beside);
  try {
    await fileOperation('rename to', path, rename(temporary, path));
  } catch (error) {
    await discard(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** For file systems without hard links: for a moment, the record is there and empty. */
async function createInPlace(path: string, record: RewrapRecord, beside: Beside): Promise<boolean> {
  try {
    await write(path, 'wx', record, beside);
    return true;
  } catch (error) {
    if (isKeyfoldError(error, 'file-failed') && codeOf(error.cause) === 'EEXIST') return false;
    throw error;
  }
}

async function writeTemporary(path: string, record: RewrapRecord, beside: Beside): Promise<string> {
  const temporary = `${path}.${record.token}.tmp`;
  await write(temporary, 'w', record, beside);
  return temporary;
}

/** Leaves nothing behind when it fails. */
async function write(path: string, flags: 'w' | 'wx', record: RewrapRecord, beside: Beside): Promise<void> {
  const handle = await fileOperation('create', path, open(path, flags, 0o600));
  try {
    await fileOperation('write', path, handle.writeFile(JSON.stringify(record)));
    await fileOperation('set the permissions of', path, copyPermissions(handle, beside));
    await fileOperation('sync', path, handle.sync());
  } catch (error) {
    await discard(path);
    throw error;
  } finally {
    await handle.close();
  }
}

/** Never throws: the next one who takes the lock tidies up. */
async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}
