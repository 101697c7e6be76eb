import { open } from 'node:fs/promises';

/**
 * Makes a rename or a removal survive a power loss. Folders cannot be synced on every system: then it does what it can. Never
 * throws: what was renamed stays so, and whoever took this for a failure would take it back.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}
