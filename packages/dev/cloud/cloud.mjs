// `npm run test:cloud`: the conformance suite on real keys, for each cloud whose variable names two. --require-all wants
// those of all clouds. docs/guides/test-cloud.md says how to make the keys.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CLOUDS } from './clouds.mjs';

const SUITE = fileURLToPath(new URL('suite.mjs', import.meta.url));

const args = process.argv.slice(2);
const requireAll = args.includes('--require-all');
const unknown = args.find((arg) => arg !== '--require-all');
if (unknown !== undefined) fail(`There is no option ${unknown}; the one there is is --require-all.`);

const clouds = CLOUDS.map((cloud) => ({ cloud, keys: keysOf(cloud) }));
const missing = clouds.filter(({ keys }) => keys === undefined).map(({ cloud }) => cloud.variable);
if (missing.length === CLOUDS.length) {
  fail(`Nothing was run: name two keys of at least one cloud in ${missing.join(', ')}; docs/guides/test-cloud.md says how to make them.`);
}

if (requireAll && missing.length > 0) fail(`Nothing was run: --require-all needs keys of every cloud, and ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set.`);

/** @type {string[]} */
const report = [];
let failures = 0;
for (const { cloud, keys } of clouds) {
  const code = keys === undefined ? undefined : await run([SUITE, cloud.provider, ...keys]);
  if (code === undefined) report.push(`${cloud.title}: not run, because ${cloud.variable} is not set.`);
  else report.push(`${cloud.title}: ${code === 0 ? 'passed' : 'FAILED'}.`);
  if (code !== undefined && code !== 0) failures++;
}
console.log(`\n${report.join('\n')}`);
process.exitCode = failures === 0 ? 0 : 1;

/** The two keys of a variable. @param {import('./clouds.mjs').Cloud} cloud */
function keysOf({ variable, key, example }) {
  const value = process.env[variable];
  if (value === undefined || value === '') return undefined;
  const keys = value.split(',').map((one) => one.trim());
  if (keys.length === 2 && keys[0] !== keys[1] && keys.every((one) => key.test(one))) return keys;
  return fail(`${variable} has to name two different keys with a comma between them, each such as ${example}.`);
}

/** @param {string[]} command @returns {Promise<number>} */
async function run(command) {
  const child = spawn(process.execPath, ['--test-reporter=spec', ...command], { stdio: 'inherit' });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
