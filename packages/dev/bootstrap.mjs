// Makes every root script work on a fresh clone with only Node and npm: installs when, and only
// when, the installed tree does not match the lockfile. No dependency may be imported here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Keyfold needs Node 20.19 or newer; this is ${process.version}.\n`);
  process.exit(1);
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const stamp = `${root}node_modules/.keyfold-installed`;
const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'];

const hash = createHash('sha256');
for (const name of inputs) hash.update(readFileSync(root + name));
const wanted = `${hash.digest('hex')} node-${process.versions.modules}`;
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';

if (installed !== wanted) {
  const manifest = /** @type {{ packageManager: string }} */ (
    JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  );
  const pnpm = manifest.packageManager.replace(/\+.*/, '');
  process.stderr.write(`Installing dependencies with ${pnpm} (frozen lockfile) … `);
  const started = performance.now();
  const run = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    // Without a terminal pnpm asks no question only if it believes to be in CI.
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    process.stderr.write(`failed\n${run.stdout}${run.stderr}${run.error?.message ?? ''}\n`);
    process.exit(run.status ?? 1);
  }
  writeFileSync(stamp, wanted);
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
