import type { FileOutcome } from '../bulk/file-outcome.js';
import type { BulkResult } from '../bulk/rewrap-files.js';
import { parseKeyPattern } from '../bulk/key-pattern.js';
import { EXIT } from '../errors/exit.js';
import { colorsFor } from '../terminal/colors.js';
import { describeFailures, describeRewrap } from '../terminal/describe-rewrap.js';
import type { Outcome } from './outcome.js';

export interface RewrapRun {
  /** What `--remove` said. */
  readonly removing: readonly string[];
  readonly dryRun: boolean;
  readonly checkpoint: string | undefined;
}

/** What a bulk rewrap has to say. */
export function rewrapOutcome({ outcomes, passedOver }: BulkResult, { removing, dryRun, checkpoint }: RewrapRun): Outcome {
  const count = (status: FileOutcome['status']): number => outcomes.filter((outcome) => outcome.status === status).length;
  const files = { rewrapped: count('rewrapped'), unchanged: count('unchanged'), failed: count('failed'), passedOver };
  const failures = outcomes.flatMap(({ path, error }) => (error === undefined ? [] : [{ path, error }]));
  // Of files that failed it is not known which keys they have.
  const unmatched = files.failed === outcomes.length && files.failed > 0 ? [] : removing.filter((text) => !wasRemoved(text, outcomes));
  const keptCheckpoint = failures.length > 0 ? checkpoint : undefined;
  return {
    json: { command: 'rewrap', dryRun, files, outcomes, unmatchedRemovals: unmatched, checkpoint: keptCheckpoint ?? null },
    answer: describeRewrap({ files, outcomes, dryRun, unmatched }, colorsFor(process.stdout)),
    ...(failures.length === 0 ? {} : { problems: describeFailures(failures, keptCheckpoint, colorsFor(process.stderr)) }),
    exitCode: exitCodeOfFailures(failures.map(({ error }) => error.exitCode)),
  };
}

/** That of the failures: the first in the order of the table, but "try later" only if nothing else is wrong. */
export function exitCodeOfFailures(exitCodes: readonly number[]): number {
  if (exitCodes.length === 0) return EXIT.ok;
  const lasting = exitCodes.filter((exitCode) => exitCode !== EXIT.unavailable);
  return lasting.length === 0 ? EXIT.unavailable : Math.min(...lasting);
}

function wasRemoved(text: string, outcomes: readonly FileOutcome[]): boolean {
  const pattern = parseKeyPattern('--remove', text);
  return outcomes.some(({ changes }) =>
    changes.some(
      (change) =>
        pattern.matches(change) || (change.previousVersion !== undefined && pattern.matches({ ...change, keyVersion: change.previousVersion })),
    ),
  );
}
