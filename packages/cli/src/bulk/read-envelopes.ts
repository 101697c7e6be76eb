import type { EnvelopeInfo } from '@keyfold/core';
import { envelopeFormOf, readEnvelopeInfo } from './envelope-form.js';
import { describeError } from './file-outcome.js';
import type { FileError } from './file-outcome.js';
import { forEachConcurrently } from './for-each.js';
import type { ListedFile } from './list-files.js';

/** Headers that are read at a time: enough to keep a disk busy. */
const CONCURRENCY = 16;

/** A file of which it is not known which keys it needs. */
export interface UnreadableFile {
  readonly path: string;
  readonly error: FileError;
}

export interface ReadEnvelopes {
  readonly envelopes: number;
  readonly unreadable: readonly UnreadableFile[];
  readonly passedOver: number;
}

/**
 * Reads the headers of all envelopes among the files, as bytes or as text. Files in folders that are no envelopes are
 * passed over; those that were named have to be one. Throws whatever `signal` was aborted with.
 */
export async function readEnvelopes(
  files: readonly ListedFile[],
  use: (path: string, envelope: EnvelopeInfo) => void,
  { onFile, signal }: { readonly onFile: (done: number) => void; readonly signal: AbortSignal },
): Promise<ReadEnvelopes> {
  const unreadable: UnreadableFile[] = [];
  let envelopes = 0;
  let passedOver = 0;
  let done = 0;
  await forEachConcurrently(files, CONCURRENCY, async ({ path, named, failure }) => {
    signal.throwIfAborted();
    try {
      if (failure !== undefined) throw failure;
      const form = await envelopeFormOf(path);
      if (form === undefined && !named) passedOver++;
      else {
        use(path, await readEnvelopeInfo(path, form ?? 'bytes'));
        envelopes++;
      }
    } catch (error) {
      unreadable.push({ path, error: describeError(error) });
    }
    onFile(++done);
  });
  const order = new Map(files.map(({ path }, i) => [path, i]));
  unreadable.sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
  return { envelopes, unreadable, passedOver };
}
