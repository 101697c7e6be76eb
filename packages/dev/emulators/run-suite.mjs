import { fileURLToPath } from 'node:url';
import { run } from '../lib/run.mjs';
import { awsEnvironment } from './aws-environment.mjs';

const SUITE = fileURLToPath(new URL('../cloud/suite.mjs', import.meta.url));

/**
 * Runs the conformance suite, and gives its exit code.
 *
 * @param {import('./list.mjs').Emulator} emulator @param {string} url @param {string[]} keys
 * @returns {Promise<number>}
 */
export async function runSuite({ title, provider, deviations }, url, keys) {
  console.log(`\n${title}`);
  const env = { ...awsEnvironment(url), KEYFOLD_KNOWN_DEVIATIONS: JSON.stringify(deviations) };
  const { code } = await run(process.execPath, ['--test-reporter=spec', SUITE, provider, ...keys], { env, show: true });
  return code;
}
