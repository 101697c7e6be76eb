import { throwIfAborted } from '../cancellation/abortable.js';
import { AtomicFile } from './atomic-file.js';
import { readPieces } from './read-pieces.js';
import type { UnchangedFile } from './unchanged-file.js';

/** What a file is to become. */
export interface Rewriting {
  readonly header: Uint8Array;
  /** The length of the header that it has, behind which its payload lies. */
  readonly oldLength: number;
  /** Where it is written before it gets its name. */
  readonly temporary: string;
}

/**
 * Writes another header and a file's payload under a temporary name, and renames that. Throws `file-failed`, also when the
 * file was changed meanwhile, and `aborted`; it then is as it was.
 */
export async function writeAnew(file: UnchangedFile, rewriting: Rewriting, signal: AbortSignal): Promise<void> {
  const { handle, path } = file;
  const target = await AtomicFile.open(path, { overwrite: true, mode: 0o600, temporary: rewriting.temporary });
  try {
    await target.writer.write(rewriting.header);
    for await (const piece of readPieces(handle, path, rewriting.oldLength)) {
      throwIfAborted(signal);
      await target.writer.write(new Uint8Array(piece));
    }
    await target.finish();
    await file.assertUnchanged();
    await target.publish();
  } finally {
    await target.discard();
  }
}
