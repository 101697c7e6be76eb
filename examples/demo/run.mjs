import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { indent, prompt, took } from './narrator.mjs';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Processes that have not ended. @type {Set<ChildProcess>} */
const running = new Set();

/** Ends what still runs. */
export function endProcesses() {
  for (const child of running) child.kill();
}

/** The packages of the commands that the story uses. */
const PACKAGES = {
  keyfold: import.meta.resolve('@keyfold/cli/package.json'),
  'kms-simulators': import.meta.resolve('@keyfold/kms-simulators/package.json'),
};

/**
 * Starts a command, as it was built.
 *
 * @param {keyof typeof PACKAGES} name
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
export function start(name, args, options) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('dist/main.js', PACKAGES[name])), ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/**
 * Runs a `keyfold …` line as a person would type it, and shows the line, what it prints and how long it takes. Of a line
 * that ends in `| head -<n>` the first lines are shown.
 *
 * @param {{ folder: string, env: NodeJS.ProcessEnv }} place - where it runs
 * @param {string} line
 * @param {{ code?: number, shows?: RegExp[] }} [expected] - the exit code, and what has to be among the output: anything
 *   else ends the demo
 */
export async function run({ folder, env }, line, { code = 0, shows = [] } = {}) {
  prompt(line);
  const [command = '', head] = line.split(' | head -');
  const args = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  const startedAt = performance.now();
  const child = start('keyfold', args.slice(1), { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  /** @type {number | null} */
  const exitCode = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const seconds = (performance.now() - startedAt) / 1000;
  const lines = output.split('\n');
  if (output !== '') indent(lines.slice(0, head === undefined ? undefined : Number(head)).join('\n'));
  took(seconds, exitCode ?? -1);
  if (exitCode !== code) throw new Error(`\`${line}\` ended with ${exitCode}, not ${code}.`);
  const missing = shows.find((pattern) => !pattern.test(output));
  if (missing !== undefined) throw new Error(`\`${line}\` printed nothing like ${missing}.`);
}
