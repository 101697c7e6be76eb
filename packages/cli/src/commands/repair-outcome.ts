import type { Attempt } from '@keyfold/core';
import type { FileOutcome } from '../bulk/file-outcome.js';
import type { BulkResult } from '../bulk/rewrap-files.js';
import { EXIT } from '../errors/exit.js';
import { colorsFor } from '../terminal/colors.js';
import { describeRepair, describeStillPending } from '../terminal/describe-repair.js';
import { describeFailures } from '../terminal/describe-rewrap.js';
import type { Outcome } from './outcome.js';
import { exitCodeOfFailures } from './rewrap-outcome.js';

/** What became of one file. */
export type RepairStatus = 'repaired' | 'whole' | 'still-pending' | 'failed';

export interface RepairRun {
  readonly places: readonly string[];
  readonly dryRun: boolean;
  readonly checkpoint: string | undefined;
  /** By file: what was tried and failed. */
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

/** Whether nothing is left to do for a file. */
export function isWhole(outcome: FileOutcome): boolean {
  const status = statusOf(outcome);
  return status === 'repaired' || status === 'whole';
}

function statusOf({ status, changes }: FileOutcome): RepairStatus {
  if (status === 'failed') return 'failed';
  if (changes.some(({ change }) => change === 'still-pending')) return 'still-pending';
  return status === 'rewrapped' ? 'repaired' : 'whole';
}

/** What a repair has to say. */
export function repairOutcome({ outcomes, passedOver }: BulkResult, { places, dryRun, checkpoint, attempts }: RepairRun): Outcome {
  const count = (status: RepairStatus): number => outcomes.filter((outcome) => statusOf(outcome) === status).length;
  const files = { repaired: count('repaired'), whole: count('whole'), stillPending: count('still-pending'), failed: count('failed'), passedOver };
  const failures = outcomes.flatMap(({ path, error }) => (error === undefined ? [] : [{ path, error }]));
  const tried = [...attempts.values()].flat();
  const isLeft = failures.length > 0 || files.stillPending > 0;
  const keptCheckpoint = isLeft ? checkpoint : undefined;
  const colors = colorsFor(process.stderr);
  const problems = [
    ...(failures.length === 0 ? [] : [describeFailures(failures, keptCheckpoint, colors)]),
    ...(files.stillPending === 0 ? [] : [describeStillPending(outcomes, tried, colors)]),
  ];
  return {
    json: {
      command: 'repair',
      paths: places,
      dryRun,
      files,
      outcomes: outcomes.map((outcome) => ({ ...outcome, status: statusOf(outcome), attempts: attempts.get(outcome.path) ?? [] })),
      checkpoint: keptCheckpoint ?? null,
    },
    answer: describeRepair({ files, outcomes, dryRun }, colorsFor(process.stdout)),
    ...(problems.length === 0 ? {} : { problems: problems.join('\n\n') }),
    exitCode: exitCodeOf(failures.map(({ error }) => error.exitCode), files.stillPending, tried),
  };
}

/** Failures come first; then what to try again later; then keys that nobody gave. */
function exitCodeOf(failures: readonly number[], stillPending: number, attempts: readonly Attempt[]): number {
  if (failures.length > 0) return exitCodeOfFailures(failures);
  if (stillPending === 0) return EXIT.ok;
  return attempts.some(({ retryable }) => retryable) ? EXIT.unavailable : EXIT.no;
}
