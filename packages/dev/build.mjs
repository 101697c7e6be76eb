// Builds every package in the order of its dependencies, and says only what a reader needs.
import { run } from './lib/run.mjs';

const started = performance.now();
const turbo = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...process.argv.slice(2)]);
if (turbo.code !== 0) {
  process.stderr.write(turbo.output);
  process.exit(turbo.code);
}
const [, built = '0', all = '0'] = /Tasks:\s+(\d+) successful, (\d+) total/.exec(turbo.output) ?? [];
const seconds = ((performance.now() - started) / 1000).toFixed(1);
process.stderr.write(`Built ${built} of ${all} packages in ${seconds} s\n`);
