import type { FileError, FileKeyChange, FileOutcome } from '../bulk/file-outcome.js';
import { formatKey } from '../bulk/key-pattern.js';
import type { Colors } from './colors.js';
import { counted } from './counted.js';
import { describeFileErrors } from './describe-file-errors.js';
import { printableLine } from './printable.js';
import { alignColumns } from './table.js';

export interface RewrapSummary {
  readonly files: Readonly<Record<'rewrapped' | 'unchanged' | 'failed' | 'passedOver', number>>;
  readonly outcomes: readonly FileOutcome[];
  readonly dryRun: boolean;
  /** What `--remove` named and no file had. */
  readonly unmatched: readonly string[];
}

/** What a bulk rewrap did: how many files, and in how many of them which key was added, replaced or removed. */
export function describeRewrap({ files, outcomes, dryRun, unmatched }: RewrapSummary, colors: Colors): string {
  const { rewrapped, unchanged, failed, passedOver } = files;
  const counts = [
    `${counted(rewrapped, 'file', 'files')} ${dryRun ? 'would be ' : ''}rewrapped`,
    ...(unchanged > 0 ? [`${unchanged.toLocaleString('en-US')} already as wanted`] : []),
    ...(failed > 0 ? [colors.red(`${failed.toLocaleString('en-US')} failed`)] : []),
    ...(passedOver > 0 ? [`${passedOver.toLocaleString('en-US')} passed over: no ${passedOver === 1 ? 'envelope' : 'envelopes'}`] : []),
  ];
  const which = failed > 0 ? 'No envelope that did not fail had' : 'No envelope had';
  const notes = unmatched.map((text) => colors.yellow(`${which} ${printableLine(text)}, so --remove left nothing out.`));
  const table = tableOfChanges(outcomes, colors);
  return `${[[counts.join(', ')], table, notes].filter((part) => part.length > 0).map((part) => part.join('\n')).join('\n\n')}\n`;
}

/** What failed and why: files that failed alike together. */
export function describeFailures(
  failures: readonly { readonly path: string; readonly error: FileError }[],
  checkpoint: string | undefined,
  colors: Colors,
): string {
  const advice = checkpoint === undefined ? [] : [`${printableLine(checkpoint)} was kept: the same command again tries only these.`];
  const heading = colors.red(`Failed, and left as ${failures.length === 1 ? 'it was' : 'they were'}:`);
  return [describeFileErrors(heading, failures, colors), ...advice].join('\n\n');
}

/** In how many files which key was added, replaced, repaired or removed. Empty where none was. */
export function tableOfChanges(outcomes: readonly FileOutcome[], colors: Colors): string[] {
  const counts = new Map<string, { readonly cells: readonly [string, string]; count: number }>();
  for (const { changes } of outcomes) {
    for (const change of changes) {
      if (change.change === 'kept') continue;
      const cells = [labelOf(change), printableLine(describeKey(change))] as const;
      const name = cells.join(' ');
      const row = counts.get(name) ?? { cells, count: 0 };
      row.count++;
      counts.set(name, row);
    }
  }
  if (counts.size === 0) return [];
  const rows = [...counts.values()].map(({ cells: [change, key], count }) => [count.toLocaleString('en-US'), change, key]);
  const [heading = '', ...lines] = alignRight([['Files', 'Change', 'Key'], ...rows]);
  return [colors.dim(heading), ...lines];
}

/** The first column holds numbers. */
function alignRight(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return alignColumns(rows.map(([first = '', ...rest]) => [first.padStart(width), ...rest]));
}

function labelOf({ change, proven, previousVersion }: FileKeyChange): string {
  const isNew = change === 'added' || change === 'replaced' || change === 'repaired';
  if (change === 'still-pending') return 'still pending';
  if (change === 'replaced' && previousVersion === undefined) return 'wrapped again';
  return isNew && !proven ? `${change}, unproven` : change;
}

function describeKey(change: FileKeyChange): string {
  if (change.previousVersion === undefined) return formatKey(change);
  return `${formatKey(change)}, was ${change.previousVersion === '' ? 'without a version' : `@${change.previousVersion}`}`;
}
