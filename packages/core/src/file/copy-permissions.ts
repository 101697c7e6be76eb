import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/**
 * Gives a new file the permissions of the one whose place it takes or beside which it lies, so that whoever could read
 * that can read this: the owner and the group as far as the system lets, which only lets its administrator give files
 * away. Throws what the file system throws.
 */
export async function copyPermissions(handle: FileHandle, from: Stats): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== from.uid || own.gid !== from.gid) {
    await handle.chown(from.uid, from.gid).catch(async () => {
      await handle.chown(-1, from.gid).catch(() => undefined);
    });
  }
  await handle.chmod(from.mode & 0o777);
}
