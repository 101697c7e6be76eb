import { stat } from 'node:fs/promises';
import { isRepairable, repair } from '../rewrap/repair.js';
import type { RepairOptions, RepairResult } from '../rewrap/repair.js';
import { resolveRewrapOptions } from '../rewrap/rewrap-options.js';
import { changeFile } from './change-file.js';
import type { ChangeFileOptions, FileRewrapResult } from './change-file.js';
import { fileOperation } from './file-error.js';
import { pathOf } from './file-source.js';
import { inspectFile } from './inspect-file.js';
import { readRecord } from './read-record.js';
import { resolveTarget } from './resolve-target.js';
import { heldHere, mayBeAlive, recordPath } from './rewrap-record.js';

/** What repairing a file takes. */
export interface RepairFileOptions extends RepairOptions, ChangeFileOptions {}

/** The result of repairing a file. */
export interface FileRepairResult extends FileRewrapResult, Pick<RepairResult, 'attempts'> {}

/**
 * Repairs an envelope in a file, or a detached header in one, as `repair` does and as safely as `rewrapFile`. A file of which
 * nothing can be repaired with these members is only read: it is not locked, and not a call to a KMS is made. What a process
 * that is gone has left behind is finished all the same.
 *
 * @throws as `repair` and `rewrapFile`
 * @example
 * ```ts
 * await repairFile('report.pdf.keyfold', { keyring: everydayKey, members: [everydayKey, otherRegion] });
 * ```
 */
export async function repairFile(path: string | URL, options: RepairFileOptions): Promise<FileRepairResult> {
  const { limits } = resolveRewrapOptions(options);
  const { wrappedKeys } = await inspectFile(path, { limits });
  const isOnlyRead =
    Array.isArray(options.members) && !isRepairable(wrappedKeys, options.members) && !(await isLeftBehind(path, options.takeOver === true));
  const dryRun = (options.dryRun ?? false) || isOnlyRead;
  let attempts: FileRepairResult['attempts'] = [];
  const result = await changeFile(path, { ...options, dryRun }, async (header) => {
    const { attempts: tried, ...rest } = await repair(header, options);
    attempts = tried;
    return rest;
  });
  return { ...result, attempts };
}

/**
 * Whether a process that is gone has left its record beside a file. The file is read as the record says, and so looks done,
 * but its own header may be half written.
 */
async function isLeftBehind(path: string | URL, takeOver: boolean): Promise<boolean> {
  const file = await resolveTarget(pathOf(path, 'path'));
  const place = recordPath(file);
  if (heldHere.has(place)) return false;
  const record = await readRecord(place, await fileOperation('look at', file, stat(file)));
  return record !== undefined && (takeOver || !mayBeAlive(record));
}
