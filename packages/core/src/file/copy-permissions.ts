import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/**
 * Gives a new file the permissions of the one whose place it takes or beside which it lies, so that whoever could read
 * that can read this: the owner and the group as far as the system lets, which only lets its administrator give files
 * away. Where it does not let the group be kept, the group that it has instead may do no more than everybody may.
 * Throws what the file system throws.
 */
export async function copyPermissions(handle: FileHandle, from: Stats): Promise<void> {
  const mode = from.mode & 0o777;
  await handle.chmod((await keepOwners(handle, from)) ? mode : mode & (0o707 | ((mode & 0o007) << 3)));
}

/** Whether the file has the group of the other one now. */
async function keepOwners(handle: FileHandle, from: Stats): Promise<boolean> {
  const own = await handle.stat();
  if (own.uid === from.uid && own.gid === from.gid) return true;
  const isKept = async (uid: number): Promise<boolean> =>
    await handle.chown(uid, from.gid).then(
      () => true,
      () => false,
    );
  return (await isKept(from.uid)) || (await isKept(-1)) || own.gid === from.gid;
}
