// The clock. Contenders take turns, so that whatever else the machine does falls on all of them; and rounds in which it
// did much else do not count, where there are enough others.
import { ownCpuTime, TOLERATED, watchOthers } from './others.mjs';

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {() => unknown} run One operation; a promise is waited for.
 * @property {() => Promise<void>} [reset] Cleans up after an operation, outside the clock.
 * @property {() => number} [cpuClock] CPU time so far in milliseconds; this process's if left out.
 * @property {number} [target] What the ratio of this contender must reach.
 *
 * @typedef {object} Sample For one operation, in milliseconds.
 * @property {number} wall
 * @property {number} cpu User and system time of all threads.
 *
 * @typedef {object} Effort
 * @property {number} sample Milliseconds that a sample lasts at least.
 * @property {number} warmUp Milliseconds that each contender runs before the first sample.
 * @property {number} rounds Undisturbed samples of each contender that are enough.
 * @property {number} fewest Samples of each contender that there must be, disturbed or not.
 * @property {number} budget Milliseconds after which the fewest will do.
 *
 * @typedef {object} Measurement
 * @property {Sample[][]} samples Of each contender, as many of each: of the undisturbed rounds, if there were enough.
 * @property {boolean} disturbed There were not.
 */

/** @param {{ quick: boolean }} options @returns {Effort} */
export function effortOf({ quick }) {
  return quick
    ? { sample: 20, warmUp: 200, rounds: 11, fewest: 3, budget: 2500 }
    : { sample: 20, warmUp: 1000, rounds: 51, fewest: 5, budget: 15_000 };
}

/** The effort for operations that take a second and more: each sample is one of them. @param {Effort} effort */
export function effortForLongOperations(effort) {
  return { ...effort, sample: 0, warmUp: 0, rounds: effort.fewest };
}

/**
 * Samples every contender in turn.
 *
 * @param {readonly Contender[]} contenders
 * @param {Effort} effort
 * @returns {Promise<Measurement>}
 */
export async function measure(contenders, effort) {
  const counts = [];
  for (const contender of contenders) counts.push(await warmUp(contender, effort));
  /** @type {Sample[][]} */
  const rounds = [];
  /** @type {Sample[][]} */
  const undisturbed = [];
  const started = performance.now();
  while (undisturbed.length < effort.rounds) {
    if (rounds.length >= effort.fewest && performance.now() - started > effort.budget) break;
    const others = watchOthers();
    // There and back: whoever comes second to a heavy one is first to it in the next round.
    const round = await runRound(contenders, counts, rounds.length % 2 === 1);
    rounds.push(round);
    if (others() <= TOLERATED) undisturbed.push(round);
  }
  const disturbed = undisturbed.length < effort.fewest;
  const used = disturbed ? rounds : undisturbed;
  return { samples: contenders.map((_, i) => used.map((round) => /** @type {Sample} */ (round[i]))), disturbed };
}

/**
 * One sample of each contender.
 *
 * @param {readonly Contender[]} contenders
 * @param {readonly number[]} counts
 * @param {boolean} backwards
 */
async function runRound(contenders, counts, backwards) {
  /** @type {Sample[]} */
  const round = [];
  const order = [...contenders.keys()];
  for (const i of backwards ? order.reverse() : order) {
    round[i] = await sample(/** @type {Contender} */ (contenders[i]), counts[i] ?? 1);
  }
  return round;
}

/** Runs a contender until it is compiled and at speed, and says how many operations fill a sample. */
async function warmUp(/** @type {Contender} */ contender, /** @type {Effort} */ effort) {
  const started = performance.now();
  let count = 1;
  for (;;) {
    const { wall } = await sample(contender, count);
    const enough = performance.now() - started >= effort.warmUp;
    if (wall * count >= effort.sample) {
      if (enough) return Math.max(1, Math.ceil(effort.sample / wall));
    } else {
      count *= 2;
    }
  }
}

/**
 * @param {Contender} contender
 * @param {number} count
 * @returns {Promise<Sample>}
 */
async function sample({ run, reset, cpuClock = ownCpuTime }, count) {
  const cpu = cpuClock();
  const started = performance.now();
  for (let i = 0; i < count; i++) {
    const done = run();
    // What is synchronous is not made to wait.
    if (done instanceof Promise) await done;
  }
  const result = { wall: (performance.now() - started) / count, cpu: (cpuClock() - cpu) / count };
  await reset?.();
  return result;
}
