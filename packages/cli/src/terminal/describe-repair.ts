import type { Attempt } from '@keyfold/core';
import type { FileOutcome } from '../bulk/file-outcome.js';
import { formatKey } from '../bulk/key-pattern.js';
import type { Colors } from './colors.js';
import { counted } from './counted.js';
import { tableOfChanges } from './describe-rewrap.js';
import { printableLine } from './printable.js';

export interface RepairSummary {
  readonly files: Readonly<Record<'repaired' | 'whole' | 'stillPending' | 'failed' | 'passedOver', number>>;
  readonly outcomes: readonly FileOutcome[];
  readonly dryRun: boolean;
}

/** What a repair did: how many files, and in how many of them which key was filled in. */
export function describeRepair({ files, outcomes, dryRun }: RepairSummary, colors: Colors): string {
  const { repaired, whole, stillPending, failed, passedOver } = files;
  const counts = [
    `${counted(repaired, 'file', 'files')} ${dryRun ? 'would be ' : ''}repaired`,
    ...(whole > 0 ? [`${whole.toLocaleString('en-US')} without pending keys`] : []),
    ...(stillPending > 0 ? [colors.yellow(`${stillPending.toLocaleString('en-US')} still pending`)] : []),
    ...(failed > 0 ? [colors.red(`${failed.toLocaleString('en-US')} failed`)] : []),
    ...(passedOver > 0 ? [`${passedOver.toLocaleString('en-US')} passed over: no ${passedOver === 1 ? 'envelope' : 'envelopes'}`] : []),
  ];
  const table = tableOfChanges(outcomes, colors);
  return `${[counts.join(', '), ...(table.length === 0 ? [] : [table.join('\n')])].join('\n\n')}\n`;
}

/** Which keys are still wanted, and why they are not there. */
export function describeStillPending(outcomes: readonly FileOutcome[], attempts: readonly Attempt[], colors: Colors): string {
  const wanted = new Set(outcomes.flatMap(({ changes }) => changes.filter(({ change }) => change === 'still-pending').map(formatKey)));
  const reasons = new Set(attempts.map(({ provider, keyId, reason, remedy }) => `${provider}:${keyId} could not be used (${reason}). ${remedy}`));
  const heading = colors.yellow('Still pending:');
  const lines = [...wanted].sort().map((key) => `  ${printableLine(key)}`);
  const why = [...reasons].sort().map((reason) => printableLine(reason));
  const advice = why.length > 0 ? why : ['Name these keys with -k as they were named when the envelopes were written, an alias as the alias.'];
  return [[heading, ...lines].join('\n'), ...advice].join('\n\n');
}
