// Runs with every install at the root. The lockfile and the links between packages are pnpm's.
import { rmSync } from 'node:fs';

if (!(process.env['npm_config_user_agent'] ?? '').startsWith('pnpm/')) {
  // Another package manager has changed node_modules: the next `npm test` must install again.
  rmSync('node_modules/.keyfold-installed', { force: true });
  console.error(
    'Keyfold is installed with pnpm: run "npm test" (it installs what it needs) or "npx --yes pnpm@10 install".',
  );
  process.exit(1);
}
