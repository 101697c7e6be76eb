/** @typedef {import('./measure.mjs').Sample} Sample */

/**
 * @typedef {object} Ratio
 * @property {number} wall Median over the rounds of the ratio within one round. This one is held against the target.
 * @property {number} best Ratio of the fastest samples.
 * @property {number} cpu Median over the rounds of the ratio of CPU times within one round.
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** @param {readonly Sample[]} samples */
export function summary(samples) {
  const wall = samples.map((sample) => sample.wall);
  return { median: median(wall), best: Math.min(...wall), cpu: median(samples.map((sample) => sample.cpu)) };
}

/**
 * How many times as fast `a` is as `b`.
 *
 * @param {readonly Sample[]} a
 * @param {readonly Sample[]} b
 * @returns {Ratio}
 */
export function speedRatio(a, b) {
  const wall = a.map((sample, round) => (b[round]?.wall ?? NaN) / sample.wall);
  const cpu = a.map((sample, round) => (b[round]?.cpu ?? NaN) / sample.cpu);
  return { wall: median(wall), best: summary(b).best / summary(a).best, cpu: median(cpu) };
}
