// Type-checks sources, tests and scripts of every package, and the files at the root.
import { run } from './lib/run.mjs';

const started = performance.now();
const root = await run('tsc', ['-p', 'tsconfig.json']);
process.stdout.write(root.output);
const vectors = await run('tsc', ['-p', 'vectors']);
process.stdout.write(vectors.output);
const packages = await run('turbo', ['run', 'typecheck', '--continue', '--output-logs=errors-only']);
if (packages.code !== 0) process.stdout.write(packages.output);
if (root.code !== 0 || vectors.code !== 0 || packages.code !== 0) process.exit(1);
console.log(`Types are right (${((performance.now() - started) / 1000).toFixed(1)} s)`);
