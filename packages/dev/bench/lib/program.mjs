import { spawn, spawnSync } from 'node:child_process';

const isWindows = process.platform === 'win32';
/** Runs its arguments, and writes what CPU time they took to descriptor 3 (POSIX, "times"). */
const WITH_TIMES = '"$@"; code=$?; times >&3; exit $code';

/** The CPU time of every program that was run here, in milliseconds. */
let cpuTime = 0;
export const programCpuTime = () => cpuTime;

/**
 * Runs a program to its end. Throws with what it said if that was not success.
 *
 * @param {readonly string[]} words The program and its arguments.
 * @param {NodeJS.ProcessEnv} [env]
 */
export async function runProgram(words, env = {}) {
  const [command = '', ...args] = isWindows ? words : ['sh', '-c', WITH_TIMES, 'sh', ...words];
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  let said = '';
  let times = '';
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
  child.stdio[3]?.on('data', (/** @type {Buffer} */ bytes) => (times += bytes.toString()));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code !== 0) throw new Error(`${words.join(' ')} failed with code ${String(code)}: ${said.trim()}`);
  cpuTime += childrenTime(times);
}

/** The second line: user and system time of the children, as in `0m1.25s 0m0.50s`; in milliseconds. @param {string} times */
function childrenTime(times) {
  const children = times.trim().split('\n')[1] ?? '';
  let sum = 0;
  for (const [, minutes, seconds] of children.matchAll(/(\d+)m([\d.]+)s/g)) {
    sum += (Number(minutes) * 60 + Number(seconds)) * 1000;
  }
  return sum;
}

/** What a program calls its version, or `undefined` when there is no such program. @param {string} command */
export function versionOf(command) {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
