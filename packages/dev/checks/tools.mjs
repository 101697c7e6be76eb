import { run } from '../lib/run.mjs';

export async function knip() {
  const { code, output } = await run('knip', ['--no-progress', '--no-config-hints']);
  return { problems: code === 0 ? [] : [output.trim()] };
}

/** @param {import('../lib/pack.mjs').Packed[]} packed */
export async function publint(packed) {
  const problems = [];
  for (const { tarball } of packed) {
    const { code, output } = await run('publint', ['run', tarball, '--strict']);
    if (code !== 0) problems.push(output.trim());
  }
  return { problems };
}

/** @param {import('../lib/pack.mjs').Packed[]} packed */
export async function attw(packed) {
  const problems = [];
  for (const { tarball, manifest } of packed) {
    // What is not code has no types: package.json, schemas.
    const entries = Object.keys(manifest.exports ?? {}).filter((name) => !name.endsWith('.json'));
    if (entries.length === 0) continue;
    const args = [tarball, '--profile', 'esm-only', '--no-color', '--format', 'ascii', '--entrypoints', ...entries];
    const { code, output } = await run('attw', args);
    if (code !== 0) problems.push(output.trim());
  }
  return { problems };
}
