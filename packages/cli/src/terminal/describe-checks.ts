import { formatKey } from '../bulk/key-pattern.js';
import type { CheckedKey } from '../commands/check.js';
import type { Colors } from './colors.js';
import { printable, printableLine } from './printable.js';
import { alignColumns } from './table.js';

const COLOUR = /\u001b\[[\d;]*m/gu;

/** The table of `keyfold check`: a line for each key, and beneath it what to do where something is wrong. */
export function describeChecks(keys: readonly CheckedKey[], colors: Colors): string {
  const rows = keys.map((key) => [
    isFine(key) ? colors.green('ok') : colors.red('problem'),
    key.reachable ? 'yes' : colors.red('no'),
    key.state,
    permissionsOf(key),
    key.keyVersion === '' ? '-' : printableLine(key.keyVersion),
    nameOf(key, colors),
  ]);
  const headings = ['', 'Reachable', 'State', 'May', 'Version', 'Key'];
  const [heading = '', ...lines] = alignColumns([headings, ...rows], (cell) => cell.replaceAll(COLOUR, '').length);
  const withRemedies = lines.flatMap((line, i) => {
    const problem = keys[i]?.problem;
    return problem === undefined ? [line] : [line, ...printable(`${problem.reason}: ${problem.remedy}`).split('\n').map((text) => `  ${colors.yellow(text)}`)];
  });
  return `${[colors.dim(heading), ...withRemedies].join('\n')}\n`;
}

export function isFine({ problem, reachable, state }: CheckedKey): boolean {
  return problem === undefined && reachable && state === 'enabled';
}

function permissionsOf({ permitted }: CheckedKey): string {
  const of = (wanted: 'yes' | 'unknown'): string[] => (['wrap', 'unwrap', 'generate'] as const).filter((use) => permitted[use] === wanted);
  const sure = of('yes');
  const unsure = of('unknown').map((use) => `${use}?`);
  return [...sure, ...unsure].join(', ') || 'nothing';
}

/** The key as envelopes name it, and how the user named it where that is another way. */
function nameOf(key: CheckedKey, colors: Colors): string {
  const name = key.provider === '' ? key.keyring : formatKey({ ...key, keyVersion: '' });
  const given = key.keyring === name || key.provider === '' ? '' : colors.dim(`  (${printableLine(key.keyring)})`);
  return printableLine(name) + given;
}
