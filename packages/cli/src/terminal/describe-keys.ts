import { formatKey } from '../bulk/key-pattern.js';
import type { KeyUsageRow } from '../bulk/key-usage.js';
import type { ReadEnvelopes, UnreadableFile } from '../bulk/read-envelopes.js';
import type { Colors } from './colors.js';
import { describeFileErrors } from './describe-file-errors.js';
import { counted } from './counted.js';
import { printableLine } from './printable.js';
import { alignColumns } from './table.js';

/** Files that are named as lost. */
const MAX_NAMES = 20;

/** The table of `keyfold keys`. */
export function describeKeyUsage(read: ReadEnvelopes, keys: readonly KeyUsageRow[], colors: Colors): string {
  const caution = colors.dim('What headers say is authenticated only when an envelope is opened.');
  return [[describeRead(read)], keys.length === 0 ? [] : tableOf(keys, colors), [caution]]
    .filter((part) => part.length > 0)
    .map((part) => `${part.join('\n')}\n`)
    .join('\n');
}

/** The answer to "is it safe to destroy this key?". */
export function describeVerdict(
  { safe, keys, envelopes, lost }: { readonly safe: boolean; readonly keys: readonly string[]; readonly envelopes: number; readonly lost: readonly string[] },
  read: ReadEnvelopes,
  known: readonly KeyUsageRow[],
  colors: Colors,
): string {
  const name = keys.map(printableLine).join(', ');
  const lines: string[] = [];
  if (lost.length > 0) {
    const what = counted(lost.length, 'envelope is', 'envelopes are');
    lines.push(`${colors.red(colors.bold('Not safe:'))} ${what} lost with ${name}. Rewrap ${lost.length === 1 ? 'it' : 'them'} under another key first:`, '');
    lines.push(...lost.slice(0, MAX_NAMES).map((path) => `  ${printableLine(path)}`));
    if (lost.length > MAX_NAMES) lines.push(`  … and ${(lost.length - MAX_NAMES).toLocaleString('en-US')} more; --json names them all`);
  } else if (!safe) {
    lines.push(`${colors.red(colors.bold('Not known to be safe:'))} of ${counted(read.unreadable.length, 'file', 'files')} it could not be read which keys they need.`);
  } else if (envelopes > 0) {
    lines.push(`${colors.green(colors.bold('Safe:'))} ${counted(envelopes, 'envelope has', 'envelopes have')} a wrapped key of ${name}, and another way in.`);
  } else {
    lines.push(`${colors.green(colors.bold('Safe:'))} no envelope has a wrapped key of ${name}.`);
    if (known.length > 0) lines.push('These are the keys that envelopes here name; check that yours is spelt alike:', ...known.map((key) => `  ${printableLine(formatKey(key))}`));
  }
  lines.push('', describeRead(read), colors.dim('Envelopes elsewhere, such as in backups, are not counted.'));
  return `${lines.join('\n')}\n`;
}

export function describeUnreadable(unreadable: readonly UnreadableFile[], colors: Colors): string {
  return describeFileErrors(colors.red('It could not be read which keys these need:'), unreadable, colors);
}

function describeRead({ envelopes, passedOver, unreadable }: ReadEnvelopes): string {
  return [
    `${counted(envelopes, 'envelope', 'envelopes')} read`,
    ...(unreadable.length > 0 ? [`${unreadable.length.toLocaleString('en-US')} unreadable`] : []),
    ...(passedOver > 0 ? [`${counted(passedOver, 'other file', 'other files')} passed over`] : []),
  ].join(', ');
}

function tableOf(keys: readonly KeyUsageRow[], colors: Colors): string[] {
  const numbers = (cells: readonly string[], key: string): string[] => [...cells.map((cell, i) => cell.padStart(HEADINGS[i]?.length ?? 0)), key];
  const rows = keys.map((key) =>
    numbers([key.envelopes, key.lastWayIn, key.pending].map((count) => count.toLocaleString('en-US')), printableLine(formatKey(key))),
  );
  const [heading = '', ...lines] = alignColumns([[...HEADINGS, 'Key'], ...rows]);
  return [colors.dim(heading), ...lines];
}

const HEADINGS = ['Needed by', 'Only way in', 'Pending'] as const;
