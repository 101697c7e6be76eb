import type { DrilledScenario, DrillReport } from '@keyfold/recovery';
import type { Colors } from './colors.js';
import { counted } from './counted.js';
import { printable, printableLine } from './printable.js';
import { alignColumns } from './table.js';

const COLOUR = /\u001b\[[\d;]*m/gu;
/** Rows of one kind, the worst ones. */
const MAX_ROWS = 15;
/** Envelopes that are named. */
const MAX_NAMES = 10;

export interface DrillFacts {
  readonly passedOver: number;
  /** Whether it was said what has to hold. */
  readonly isRequired: boolean;
}

/** What a drill found out: the verdict, a line for each loss, the envelopes that the worst one takes, what waits for repair. */
export function describeDrill(report: DrillReport, { passedOver, isRequired }: DrillFacts, colors: Colors): string {
  const parts = [
    [headlineOf(report, colors), factsOf(report, passedOver)],
    isRequired ? requirementsOf(report, colors) : [],
    report.envelopes === 0 ? [] : tableOf(report, colors),
    lostOf(report, colors),
    pendingOf(report, colors),
    notOpenedOf(report, colors),
    report.assumptions.map((sentence) => colors.dim(printableLine(sentence))),
  ];
  return parts.filter((part) => part.length > 0).map((part) => `${part.join('\n')}\n`).join('\n');
}

function headlineOf({ verdict }: DrillReport, colors: Colors): string {
  const paint = { green: colors.green, amber: colors.yellow, red: colors.red }[verdict.level];
  const sign = { green: '✓', amber: '▲', red: '✗' }[verdict.level];
  return paint(colors.bold(`${sign} ${printableLine(verdict.headline)}`));
}

function factsOf({ envelopes, unreadable, keys, scenarios }: DrillReport, passedOver: number): string {
  return [
    `${counted(envelopes, 'envelope', 'envelopes')} read`,
    ...(unreadable.count > 0 ? [`${unreadable.count.toLocaleString('en-US')} unreadable`] : []),
    ...(passedOver > 0 ? [`${counted(passedOver, 'other file', 'other files')} passed over`] : []),
    counted(keys.length, 'key', 'keys'),
    counted(scenarios.length - 1, 'loss looked at', 'losses looked at'),
  ].join(', ');
}

function requirementsOf({ verdict }: DrillReport, colors: Colors): string[] {
  return verdict.requirements.map(({ require, holds, reason }) => {
    const name = printableLine(require);
    return holds ? `${colors.green('✓')} ${name}` : `${colors.red('✗')} ${name}: ${printableLine(reason ?? '')}`;
  });
}

function tableOf(report: DrillReport, colors: Colors): string[] {
  const opened = report.unwrapped !== undefined;
  const headings = ['', 'Still open', 'On one last key', 'Lost', ...(opened ? ['Opened'] : []), 'When this is lost'];
  const rows = rowsOf(report);
  const cells = rows.shown.map((scenario) => [
    signOf(scenario, colors),
    ...[scenario.opens, scenario.lastKey.count, scenario.gone.count].map((count, i) => numberOf(count, headings[i + 1] ?? '', i === 0 ? String : i === 1 ? colors.yellow : colors.red)),
    ...(opened ? [openedOf(scenario, colors)] : []),
    printableLine(scenario.kind === 'nothing' ? '(nothing)' : scenario.name) + (scenario.kind === 'named' && scenario.keys === 0 ? colors.yellow('  (no key here is lost in it)') : ''),
  ]);
  const [heading = '', ...lines] = alignColumns([headings, ...cells], (cell) => cell.replaceAll(COLOUR, '').length);
  const more = rows.left > 0 ? [colors.dim(`… and ${counted(rows.left, 'more loss', 'more losses')}; --json and --html have ${rows.left === 1 ? 'it' : 'them all'}`)] : [];
  return [colors.dim(heading), ...lines, ...more];
}

function numberOf(count: number, heading: string, paint: (text: string) => string): string {
  const text = count.toLocaleString('en-US');
  return ' '.repeat(Math.max(0, heading.length - text.length)) + (count > 0 ? paint(text) : text);
}

function openedOf({ unwrapped }: DrilledScenario, colors: Colors): string {
  if (unwrapped === undefined) return '-';
  const text = `${unwrapped.opened.toLocaleString('en-US')}/${unwrapped.tried.toLocaleString('en-US')}`;
  return unwrapped.failed > 0 ? colors.red(text) : text;
}

/** The worst of each kind; of pairs, those that take more than each of their two. */
function rowsOf({ scenarios, kinds }: DrillReport): { readonly shown: readonly DrilledScenario[]; readonly left: number } {
  const alone = new Map(scenarios.filter(({ size }) => size === 1).map((scenario) => [JSON.stringify(scenario.lost[0]), scenario.gone.count]));
  const takesMore = ({ lost, gone }: DrilledScenario): boolean => gone.count > Math.max(...lost.map((selector) => alone.get(JSON.stringify(selector)) ?? 0));
  const groups = [
    scenarios.filter(({ size }) => size === 0),
    ...kinds.map((kind) => scenarios.filter((scenario) => scenario.kind === kind && scenario.size === 1)),
    ...kinds.map((kind) => scenarios.filter((scenario) => scenario.kind === kind && scenario.size === 2 && takesMore(scenario))),
  ];
  const sorted = groups.map((group, i) => (i === 0 ? group : [...group].sort((a, b) => b.gone.count - a.gone.count || b.lastKey.count - a.lastKey.count)));
  const shown = sorted.flatMap((group) => group.slice(0, MAX_ROWS));
  return { shown, left: scenarios.length - shown.length };
}

function signOf({ gone, lastKey, unwrapped }: DrilledScenario, colors: Colors): string {
  if (gone.count > 0 || (unwrapped?.failed ?? 0) > 0) return colors.red('✗');
  return lastKey.count > 0 ? colors.yellow('▲') : colors.green('✓');
}

function lostOf({ scenarios }: DrillReport, colors: Colors): string[] {
  const single = scenarios.filter(({ size }) => size < 2);
  const worst = [...single].sort((a, b) => b.gone.count - a.gone.count)[0];
  if (worst === undefined || worst.gone.count === 0) return [];
  return [colors.bold(`Lost with ${printableLine(worst.name)}:`), ...namesOf(worst.gone.ids, worst.gone.count)];
}

function pendingOf({ pending, keys }: DrillReport, colors: Colors): string[] {
  if (pending.count === 0) return [];
  const wanted = keys.filter((key) => key.pending > 0).map(({ provider, keyId }) => printableLine(`${provider}:${keyId}`));
  const heading = `${counted(pending.count, 'envelope waits', 'envelopes wait')} for ${wanted.join(', ')}. "keyfold repair" fills it in:`;
  return [colors.yellow(heading), ...namesOf(pending.ids, pending.count)];
}

function notOpenedOf({ scenarios }: DrillReport, colors: Colors): string[] {
  const failures = new Map<string, string>();
  for (const { name, unwrapped } of scenarios) {
    for (const { id, message } of unwrapped?.failures ?? []) if (!failures.has(id)) failures.set(id, `when ${name === 'nothing is lost' ? name : `${name} is lost`}: ${message}`);
  }
  if (failures.size === 0) return [];
  const shown = [...failures].slice(0, MAX_NAMES);
  const lines = shown.flatMap(([id, text]) => [`  ${printableLine(id)}`, ...printable(text).split('\n').map((line) => `    ${line}`)]);
  return [colors.red('Did not open:'), ...lines];
}

function namesOf(ids: readonly string[], count: number): string[] {
  const shown = ids.slice(0, MAX_NAMES).map((id) => `  ${printableLine(id)}`);
  return count > shown.length ? [...shown, `  … and ${(count - shown.length).toLocaleString('en-US')} more`] : shown;
}
