import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { indent, prompt } from './narrator.mjs';

const command = fileURLToPath(import.meta.resolve('@keyfold/cli/package.json'));
const main = command.replace(/package\.json$/, 'dist/main.js');

/**
 * Runs a `keyfold …` line as a person would type it, and shows the line and what it prints.
 *
 * @param {string} folder - where it runs
 * @param {string} line
 * @param {number} expected - the exit code: any other ends the demo
 */
export async function run(folder, line, expected = 0) {
  prompt(line);
  const child = spawn(process.execPath, [main, ...line.split(' ').slice(1)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (output !== '') indent(output);
  if (expected !== 0) indent(`(exit code ${code})`);
  if (code !== expected) throw new Error(`\`${line}\` ended with ${code}, not ${expected}.`);
}
