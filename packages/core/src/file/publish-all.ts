import { invalidArgument } from '../errors/throw.js';
import type { AtomicFile } from './atomic-file.js';

/**
 * Finishes all the files before the first gets its name, so that a failing disk publishes none of them. They are
 * published in their order; when one cannot be, those before it are taken back, and the old files have their names again.
 * Two whose names turn out to be one are refused: the one would replace the other.
 * Until the last one is published, the old ones lie beside it under temporary names, for someone to find after a crash.
 */
export async function publishAll(files: readonly AtomicFile[]): Promise<void> {
  for (const file of files) await file.finish();
  try {
    for (const [i, file] of files.entries()) {
      for (const other of files.slice(0, i)) await assertDistinct(file, other);
      await file.publish(file !== files.at(-1));
    }
  } catch (error) {
    for (const file of files) await file.withdraw();
    throw error;
  }
  for (const file of files) await file.settle();
}

async function assertDistinct(file: AtomicFile, other: AtomicFile): Promise<void> {
  if (!(await file.wouldReplace(other))) return;
  throw invalidArgument(file.argument, 'it is the target too, by another name; name another file, or leave it out.');
}
