import { isKeyfoldError } from '@keyfold/core';
import type { FileRewrapResult } from '@keyfold/core/node';
import { usageError } from '../errors/usage-error.js';
import type { Checkpoint } from './checkpoint.js';
import { forFile } from '../trace/key-trace.js';
import { envelopeFormOf, readEnvelopeInfo } from './envelope-form.js';
import { failed, succeeded } from './file-outcome.js';
import type { FileOutcome } from './file-outcome.js';
import { forEachConcurrently } from './for-each.js';
import { toRewrappedBefore } from './interrupted-rewrap.js';
import type { NamedKey } from './key-pattern.js';
import type { ListedFile } from './list-files.js';

/** A rewrap or a repair of many files. */
export interface BulkRewrap {
  /** What is done to an envelope in a file, which must leave it as safe as `rewrapFile` does. */
  readonly change: (path: string) => Promise<FileRewrapResult>;
  /** Whether a later run can pass over a file. Default: unless it failed. */
  readonly isDone?: (outcome: FileOutcome) => boolean;
  readonly concurrency: number;
  readonly checkpoint: Checkpoint | undefined;
  /** Told of each file that has ended, also of those that are passed over. */
  readonly onFile: (done: number) => void;
}

export interface BulkResult {
  /** Of this run and of those that it goes on with, in the order of the files. */
  readonly outcomes: readonly FileOutcome[];
  /** Files in folders that are no envelopes. */
  readonly passedOver: number;
}

/**
 * Rewraps every envelope among the files, by `rewrapFile` or the like, which is what makes each of them safe. One that fails does not
 * stop the others.
 *
 * @throws `aborted`; `file-failed` when the checkpoint cannot be written
 */
export async function rewrapFiles(files: readonly ListedFile[], bulk: BulkRewrap): Promise<BulkResult> {
  const { isDone = ({ status }) => status !== 'failed' } = bulk;
  const earlier = bulk.checkpoint?.ended ?? new Map<string, FileOutcome>();
  const outcomes = new Map(earlier);
  let done = 0;
  let passedOver = 0;
  await forEachConcurrently(files, bulk.concurrency, async (file) => {
    const before = earlier.get(file.path);
    if (before === undefined || !isDone(before)) {
      const outcome = await forFile(file.path, async () => await rewrapOne(file, bulk));
      if (outcome === undefined) passedOver++;
      else {
        outcomes.set(file.path, outcome);
        await bulk.checkpoint?.end(outcome);
      }
    }
    bulk.onFile(++done);
  });
  const order = new Map(files.map(({ path }, i) => [path, i]));
  const sorted = [...outcomes.values()].sort((a, b) => (order.get(a.path) ?? -1) - (order.get(b.path) ?? -1));
  return { outcomes: sorted, passedOver };
}

/** `undefined` for a file that is no envelope and was found in a folder. Throws `aborted`, and what the checkpoint throws. */
async function rewrapOne({ path, named, failure }: ListedFile, { change, checkpoint }: BulkRewrap): Promise<FileOutcome | undefined> {
  try {
    if (failure !== undefined) throw failure;
    const form = await envelopeFormOf(path);
    if (form === undefined && !named) return undefined;
    if (form === 'text') throw inTextForm();
    if (checkpoint === undefined) return succeeded(path, await change(path));
    const interrupted = checkpoint.interrupted(path);
    if (interrupted === undefined) {
      const { revision, wrappedKeys } = await readEnvelopeInfo(path, 'bytes');
      await checkpoint.begin({ path, revision, keys: wrappedKeys.map(toNamedKey) });
    }
    // What was there before the first run is what the last one tells of.
    return toRewrappedBefore(succeeded(path, await change(path)), interrupted);
  } catch (error) {
    if (isKeyfoldError(error, 'aborted')) throw error;
    return failed(path, error);
  }
}

function toNamedKey({ provider, keyId, keyVersion }: NamedKey): NamedKey {
  return { provider, keyId, keyVersion };
}

function inTextForm(): Error {
  return usageError('input', 'this is an envelope as text, which is not changed in place: decrypt it, and encrypt it under the new keys.');
}
