// What people see of a run: one table for each group while it goes on, and a summary of the targets.
import { digits, duration, rate } from './units.mjs';

/** @typedef {import('./run-group.mjs').GroupResult} GroupResult */
/** @typedef {import('./run-group.mjs').Row} Row */

const NAME = 40;
const COLUMNS = [9, 11, 8, 7, 7];
const isTerminal = process.stderr.isTTY;

/** @param {ReturnType<typeof import('./machine.mjs').describeMachine>} machine */
export function showMachine({ date, node, openssl, system, processor, cores, memoryGiB, loadAverage }) {
  console.log(`${date}  Node ${node}, OpenSSL ${openssl}`);
  console.log(`${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}; load average ${loadAverage}`);
}

/** @param {string} what */
export function showProgress(what) {
  if (isTerminal) process.stderr.write(`\r\x1b[K  measuring ${what} …`);
}

function clearProgress() {
  if (isTerminal) process.stderr.write('\r\x1b[K');
}

/** @param {GroupResult} group */
export function showGroup({ title, ratioMeans, cases }) {
  clearProgress();
  console.log(`\n${title}`);
  const timed = cases.some(({ rows }) => rows.some((row) => row.milliseconds !== undefined));
  if (timed) console.log(line(`  ratio: ${ratioMeans}`, ['time', 'rate', 'ratio', 'best', 'CPU'], 'target'));
  for (const { name, rows, notes } of cases) {
    console.log(`  ${name}`);
    for (const row of rows) console.log(rowLine(row));
    for (const note of notes) console.log(`    (${note})`);
  }
}

/** @param {Row} row */
function rowLine(row) {
  if (row.mebibytes !== undefined) {
    return line(`    ${row.name}`, [`${row.mebibytes.toFixed(0)} MiB`], targetOf(row, '≤', ' MiB'));
  }
  const { milliseconds, bytesPerSecond = NaN, ratio } = row;
  const times = [duration(milliseconds?.median ?? NaN), rate(bytesPerSecond)];
  const ratios = ratio === undefined ? [] : [digits(ratio.wall), digits(ratio.best), digits(ratio.cpu)];
  return line(`    ${row.name}`, [...times, ...ratios], targetOf(row, '≥', ''));
}

/** @param {Row} row @param {string} relation @param {string} unit */
function targetOf({ target, met }, relation, unit) {
  return target === undefined ? '' : `${relation} ${target}${unit}  ${met === true ? 'met' : 'NOT MET'}`;
}

/** @param {string} name @param {string[]} cells @param {string} last */
function line(name, cells, last) {
  const columns = COLUMNS.slice(0, Math.max(cells.length, last === '' ? 0 : COLUMNS.length));
  return `${name.padEnd(NAME)}${columns.map((width, i) => (cells[i] ?? '').padStart(width)).join('')}   ${last}`.trimEnd();
}

/** @param {readonly GroupResult[]} groups @param {number} loadAverage */
export function showSummary(groups, loadAverage) {
  const judged = groups.flatMap(({ cases }) =>
    cases.flatMap(({ name, rows }) => rows.filter((row) => row.met !== undefined).map((row) => ({ name, row }))),
  );
  const missed = judged.filter(({ row }) => row.met === false);
  console.log(`\n${judged.length - missed.length} of ${judged.length} targets met; load average now ${loadAverage}`);
  for (const { name, row } of missed) {
    const reached = row.mebibytes === undefined ? digits(row.ratio?.wall ?? NaN) : `${row.mebibytes.toFixed(0)} MiB`;
    console.log(`  not met: ${name}, ${row.name}: ${reached}, target ${row.target ?? ''}`);
  }
}

/** @param {unknown} document */
export function writeJson(document) {
  /** @param {string} _key @param {unknown} value */
  const plain = (_key, value) => (value instanceof RegExp ? value.source : value);
  process.stdout.write(`${JSON.stringify(document, plain, 2)}\n`);
}
