import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `use` with a new folder, which is removed afterwards, also when the run is interrupted.
 *
 * @param {string | undefined} parent
 * @param {(folder: string) => Promise<void>} use
 */
export async function withTemporaryFolder(parent = tmpdir(), use) {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'keyfold-bench-'));
  const onSignal = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await use(folder);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await rm(folder, { recursive: true, force: true });
  }
}
