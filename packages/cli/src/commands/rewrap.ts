import type { Keyring } from '@keyfold/core';
import { rewrapFile } from '@keyfold/core/node';
import type { OnProgress, RewrapFileOptions } from '@keyfold/core/node';
import { Checkpoint } from '../bulk/checkpoint.js';
import { parseKeyPattern } from '../bulk/key-pattern.js';
import { listFiles } from '../bulk/list-files.js';
import { readInteger } from '../bulk/read-integer.js';
import { rewrapFiles } from '../bulk/rewrap-files.js';
import type { BulkResult } from '../bulk/rewrap-files.js';
import { loadConfig } from '../config/load-config.js';
import { interruptible } from '../errors/interruptible.js';
import { usageError } from '../errors/usage-error.js';
import { isSamePath } from '../files/output.js';
import { anyOf } from '../keyrings/any-of.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { contextToExpect } from '../options/context.js';
import type { ContextOptions } from '../options/context.js';
import { formatCount } from '../terminal/sizes.js';
import type { Outcome, ReportOptions, TraceOptions } from './outcome.js';
import { withProgressBar } from './progress.js';
import { rewrapOutcome } from './rewrap-outcome.js';

export interface RewrapCommandOptions extends ContextOptions, ReportOptions, TraceOptions {
  readonly key?: readonly string[];
  readonly wrapWith?: readonly string[];
  readonly remove?: readonly string[];
  readonly refresh?: boolean;
  readonly minimum?: string;
  readonly allowUnproven?: boolean;
  readonly dryRun?: boolean;
  readonly takeOver?: boolean;
  readonly concurrency?: string;
  readonly checkpoint?: string;
  readonly config?: string | false;
}

/** `keyfold rewrap <paths…>`. */
export async function rewrapCommand(paths: readonly string[], options: RewrapCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const { rewrap, wrapWith } = await readOptions(options, signal);
  const concurrency = readInteger('--concurrency', options.concurrency ?? '8', 1, 256);
  if (options.dryRun === true && options.checkpoint !== undefined) {
    throw usageError('--checkpoint', 'a dry run changes nothing, so there is nothing to go on with; leave out one of the two.');
  }
  const log = options.checkpoint;
  const listed = await interruptible(signal, 'before any file was changed.', async () => await listFiles(paths, signal));
  const files = log === undefined ? listed : listed.filter(({ path }) => !isSamePath(path, log));
  const checkpoint = log === undefined ? undefined : await Checkpoint.open(log, jobOf(options, wrapWith));
  let isDone = false;
  try {
    const name = options.dryRun === true ? 'Dry run' : 'Rewrapping';
    const work = async (onProgress: OnProgress | undefined): Promise<BulkResult> => {
      const onFile = (bytes: number): void => onProgress?.({ bytes, totalBytes: files.length });
      return await rewrapFiles(files, { change: async (path) => await rewrapFile(path, rewrap), concurrency, checkpoint, onFile });
    };
    const result = await interruptible(signal, interruption(options), async () => await withProgressBar(name, options, work, formatCount));
    isDone = result.outcomes.every(({ status }) => status !== 'failed');
    return rewrapOutcome(result, { removing: options.remove ?? [], dryRun: options.dryRun ?? false, checkpoint: options.checkpoint });
  } finally {
    await checkpoint?.close(isDone);
  }
}

async function readOptions(
  options: RewrapCommandOptions,
  signal: AbortSignal,
): Promise<{ readonly rewrap: RewrapFileOptions; readonly wrapWith: Keyring | undefined }> {
  const { key = [], wrapWith: wrapKeys = [], remove = [] } = options;
  if (wrapKeys.length === 0 && remove.length === 0) {
    throw usageError('--wrap-with', 'say what to change: --wrap-with <key> for keys that shall open the envelopes, --remove <key> for those that shall not.');
  }
  if (wrapKeys.length === 0 && options.refresh === true) throw usageError('--refresh', 'this wraps again; name the keys with --wrap-with.');
  const patterns = remove.map((text) => parseKeyPattern('--remove', text));
  const minimum = readInteger('--minimum', options.minimum ?? '1', 1, 255);
  const config = await loadConfig(options.config);
  const context = contextToExpect(options, config);
  const opener = await chooseKeyring('decrypt', key, config);
  const wrapWith = wrapKeys.length === 0 ? undefined : await chooseKeyring('encrypt', wrapKeys, config, '--wrap-with');
  const rewrap = {
    keyring: withNewKeys(opener, wrapWith),
    context,
    signal,
    ...(wrapWith === undefined ? {} : { wrapWith }),
    remove: (wrapped: Parameters<(typeof patterns)[number]['matches']>[0]) => patterns.some((pattern) => pattern.matches(wrapped)),
    refresh: options.refresh ?? false,
    minimum,
    allowUnproven: options.allowUnproven ?? false,
    dryRun: options.dryRun ?? false,
    takeOver: options.takeOver ?? false,
  };
  return { rewrap, wrapWith };
}

/** The new keys open what an earlier run has done already, when the old ones do no longer. */
function withNewKeys(opener: Keyring, wrapWith: Keyring | undefined): Keyring {
  const isKnown = wrapWith?.keks.every(({ provider, keyId }) => opener.keks.some((kek) => kek.provider === provider && kek.keyId === keyId));
  return wrapWith === undefined || isKnown === true ? opener : anyOf([opener, wrapWith]);
}

/** What a checkpoint has to be of, so that one run can go on with another's. */
function jobOf({ remove = [], refresh, minimum, allowUnproven }: RewrapCommandOptions, wrapWith: Keyring | undefined): object {
  return {
    folder: process.cwd(),
    wrapWith: wrapWith?.keks.map(({ provider, keyId }) => ({ provider, keyId })) ?? [],
    remove,
    refresh: refresh ?? false,
    minimum: minimum ?? '1',
    allowUnproven: allowUnproven ?? false,
  };
}

function interruption({ dryRun, checkpoint }: RewrapCommandOptions): string {
  if (dryRun === true) return 'in a dry run, which changes no file.';
  const again = checkpoint === undefined ? 'it finds what is done already' : 'it goes on where this one ended';
  return `between files: each is as it was or rewrapped, and can be opened. Run the same command again: ${again}.`;
}
