import { speedRatio, summary } from './compare.mjs';
import { effortForLongOperations, effortOf, measure } from './measure.mjs';

const BUSY = 'other programs took much of the processors while this was measured';

/**
 * A group of rows, one file each under ../groups. To add rows, add a case to a group, or a group to its index.
 *
 * @typedef {object} Group
 * @property {string} name For `--only`.
 * @property {string} title
 * @property {string} [ratioMeans] What the ratios of this group are; by default how fast Keyfold is against the row.
 * @property {(context: Context) => readonly Case[]} cases
 *
 * @typedef {object} Context
 * @property {boolean} quick
 * @property {RegExp} only
 * @property {string} folder An empty folder for files.
 *
 * @typedef {Comparison | Reading} Case
 *
 * @typedef {object} Comparison The first contender against each of the others.
 * @property {string} name
 * @property {number} bytes Plaintext bytes of one operation.
 * @property {boolean} [long] One operation takes about a second or more.
 * @property {boolean} [inverse] The ratio says how fast the others are against the first.
 * @property {() => Awaitable<Prepared>} prepare
 *
 * @typedef {object} Prepared
 * @property {readonly import('./measure.mjs').Contender[]} contenders
 * @property {readonly string[]} [notes] What is missing, and how to get it.
 * @property {() => Promise<void>} [close]
 *
 * @typedef {object} Reading A quantity that is read once, in MiB, of which there may be too much.
 * @property {string} name
 * @property {number} limit
 * @property {() => Promise<{ value: number, notes?: readonly string[] } | { skipped: string }>} read
 */

/** @template T @typedef {T | Promise<T>} Awaitable */

/**
 * @typedef {object} GroupResult
 * @property {string} name
 * @property {string} title
 * @property {string} ratioMeans
 * @property {CaseResult[]} cases
 *
 * @typedef {object} CaseResult
 * @property {string} name
 * @property {Row[]} rows
 * @property {readonly string[]} notes
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {{ median: number, best: number, cpu: number, rounds: number }} [milliseconds] For one operation.
 * @property {number} [bytesPerSecond] From the median of the wall-clock times.
 * @property {number} [mebibytes]
 * @property {import('./compare.mjs').Ratio} [ratio]
 * @property {number} [target] A least ratio, or a most of mebibytes.
 * @property {boolean} [met]
 */

/**
 * @param {Group} group
 * @param {Context} context
 * @param {(what: string) => void} progress
 * @returns {Promise<GroupResult>}
 */
export async function runGroup(group, context, progress) {
  const { name, title, ratioMeans = 'how fast Keyfold is against it' } = group;
  const cases = [];
  for (const each of group.cases(context)) {
    const label = `${name}/${each.name}`;
    if (!context.only.test(label)) continue;
    progress(label);
    cases.push('read' in each ? await runReading(each) : await runComparison(each, context));
  }
  return { name, title, ratioMeans, cases };
}

/**
 * @param {Comparison} comparison
 * @param {Context} context
 * @returns {Promise<CaseResult>}
 */
async function runComparison({ name, bytes, long = false, inverse = false, prepare }, context) {
  const { contenders, notes = [], close } = await prepare();
  try {
    const effort = effortOf(context);
    const { samples: all, disturbed } = await measure(contenders, long ? effortForLongOperations(effort) : effort);
    const rows = contenders.map((contender, i) => {
      const samples = all[i] ?? [];
      const milliseconds = { ...summary(samples), rounds: samples.length };
      /** @type {Row} */
      const row = { name: contender.name, milliseconds, bytesPerSecond: (bytes / milliseconds.median) * 1000 };
      if (i === 0) return row;
      const first = all[0] ?? [];
      row.ratio = inverse ? speedRatio(samples, first) : speedRatio(first, samples);
      if (contender.target === undefined) return row;
      return { ...row, target: contender.target, met: row.ratio.wall >= contender.target };
    });
    return { name, rows, notes: disturbed && !long ? [...notes, BUSY] : notes };
  } finally {
    await close?.();
  }
}

/** @param {Reading} reading @returns {Promise<CaseResult>} */
async function runReading({ name, limit, read }) {
  const result = await read();
  if ('skipped' in result) return { name, rows: [], notes: [result.skipped] };
  const { value, notes = [] } = result;
  return { name, rows: [{ name: 'Keyfold', mebibytes: value, target: limit, met: value <= limit }], notes };
}
