// The clock. Contenders take turns, so that whatever else the machine does falls on all of them.

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
 * @property {number} rounds Samples of each contender.
 * @property {number} budget Milliseconds after which fewer rounds will do, but at least five (three when quick).
 * @property {number} fewest
 */

/** @param {{ quick: boolean }} options @returns {Effort} */
export function effortOf({ quick }) {
  return quick
    ? { sample: 10, warmUp: 200, rounds: 25, budget: 2000, fewest: 3 }
    : { sample: 10, warmUp: 1000, rounds: 101, budget: 20_000, fewest: 5 };
}

/** The effort for operations that take a second and more: each sample is one of them. @param {Effort} effort */
export function effortForLongOperations(effort) {
  return { ...effort, sample: 0, warmUp: 0, rounds: effort.fewest };
}

/**
 * Samples of every contender, as many of each.
 *
 * @param {readonly Contender[]} contenders
 * @param {Effort} effort
 * @returns {Promise<Sample[][]>}
 */
export async function measure(contenders, effort) {
  const counts = [];
  for (const contender of contenders) counts.push(await warmUp(contender, effort));
  /** @type {Sample[][]} */
  const samples = contenders.map(() => []);
  const started = performance.now();
  for (let round = 0; round < effort.rounds; round++) {
    if (round >= effort.fewest && performance.now() - started > effort.budget) break;
    // There and back: whoever comes second to a heavy one is first to it in the next round.
    const order = [...contenders.keys()];
    for (const i of round % 2 === 0 ? order : order.reverse()) {
      samples[i]?.push(await sample(/** @type {Contender} */ (contenders[i]), counts[i] ?? 1));
    }
  }
  return samples;
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

function ownCpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
