import type { Attempt, Keyring } from '@keyfold/core';
import { repairFile } from '@keyfold/core/node';
import type { OnProgress, RepairFileOptions } from '@keyfold/core/node';
import { Checkpoint } from '../bulk/checkpoint.js';
import { listFiles } from '../bulk/list-files.js';
import { readInteger } from '../bulk/read-integer.js';
import { rewrapFiles } from '../bulk/rewrap-files.js';
import type { BulkResult } from '../bulk/rewrap-files.js';
import type { LoadedConfig } from '../config/config.js';
import { loadConfig } from '../config/load-config.js';
import { interruptible } from '../errors/interruptible.js';
import { usageError } from '../errors/usage-error.js';
import { isSamePath } from '../files/output.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { contextToExpect } from '../options/context.js';
import type { ContextOptions } from '../options/context.js';
import { singleKeys } from '../options/each-keyring.js';
import { formatCount } from '../terminal/sizes.js';
import type { Outcome, ReportOptions } from './outcome.js';
import { withProgressBar } from './progress.js';
import { isWhole, repairOutcome } from './repair-outcome.js';

export interface RepairCommandOptions extends ContextOptions, ReportOptions {
  readonly key?: readonly string[];
  readonly allowUnproven?: boolean;
  readonly dryRun?: boolean;
  readonly takeOver?: boolean;
  readonly concurrency?: string;
  readonly checkpoint?: string;
  readonly config?: string | false;
}

/** `keyfold repair [paths…]`. */
export async function repairCommand(paths: readonly string[], options: RepairCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const repair = await readOptions(options, signal);
  const concurrency = readInteger('--concurrency', options.concurrency ?? '8', 1, 256);
  const dryRun = options.dryRun ?? false;
  const log = options.checkpoint;
  if (dryRun && log !== undefined) {
    throw usageError('--checkpoint', 'a dry run changes nothing, so there is nothing to go on with; leave out one of the two.');
  }
  const places = paths.length > 0 ? paths : ['.'];
  const listed = await interruptible(signal, 'before any file was changed.', async () => await listFiles(places, signal));
  const files = log === undefined ? listed : listed.filter(({ path }) => !isSamePath(path, log));
  const checkpoint = log === undefined ? undefined : await Checkpoint.open(log, jobOf(options, repair.members));
  const attempts = new Map<string, readonly Attempt[]>();
  const change = async (path: string): ReturnType<typeof repairFile> => {
    const result = await repairFile(path, repair);
    if (result.attempts.length > 0) attempts.set(path, result.attempts);
    return result;
  };
  let isDone = false;
  try {
    const work = async (onProgress: OnProgress | undefined): Promise<BulkResult> => {
      const onFile = (bytes: number): void => onProgress?.({ bytes, totalBytes: files.length });
      return await rewrapFiles(files, { change, isDone: isWhole, concurrency, checkpoint, onFile });
    };
    const result = await interruptible(signal, interruption(options), async () => await withProgressBar(dryRun ? 'Dry run' : 'Repairing', options, work, formatCount));
    isDone = result.outcomes.every(isWhole);
    return repairOutcome(result, { places, dryRun, checkpoint: log, attempts });
  } finally {
    await checkpoint?.close(isDone);
  }
}

async function readOptions(options: RepairCommandOptions, signal: AbortSignal): Promise<RepairFileOptions> {
  const config = await loadConfig(options.config);
  const given = options.key ?? defaultKeys(config);
  // First, because it says what is wrong with names.
  const keyring = await chooseKeyring('decrypt', given, config);
  const { keys, loaded } = singleKeys(given, config);
  const members: Keyring[] = [];
  for (const key of keys) members.push(await chooseKeyring('decrypt', [key], loaded));
  return {
    keyring,
    members: members.length > 0 ? members : [keyring],
    context: contextToExpect(options, config),
    signal,
    allowUnproven: options.allowUnproven ?? false,
    dryRun: options.dryRun ?? false,
    takeOver: options.takeOver ?? false,
  };
}

/** What the configuration encrypts and decrypts with when no key is named. */
function defaultKeys(loaded: LoadedConfig | undefined): readonly string[] {
  const setting = loaded?.config.defaultKeyring;
  if (setting === undefined) return [];
  const names = typeof setting === 'string' ? [setting] : [setting.encrypt, setting.decrypt];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What a checkpoint has to be of, so that one run can go on with another's. */
function jobOf({ allowUnproven }: RepairCommandOptions, members: readonly Keyring[]): object {
  const keks = members.flatMap((member) => member.keks.map(({ provider, keyId }) => ({ provider, keyId })));
  return { folder: process.cwd(), repair: keks, allowUnproven: allowUnproven ?? false };
}

function interruption({ dryRun, checkpoint }: RepairCommandOptions): string {
  if (dryRun === true) return 'in a dry run, which changes no file.';
  const again = checkpoint === undefined ? 'it finds what is done already' : 'it goes on where this one ended';
  return `between files: each is as it was or repaired, and can be opened. Run the same command again: ${again}.`;
}
