// Removes everything that a build, a test or a report has written. Installed packages stay.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';
import { workspacePackages } from './lib/workspace.mjs';

for (const folder of [root, ...workspacePackages().map((found) => found.folder)]) {
  for (const name of ['dist', 'tsconfig.build.tsbuildinfo', '.turbo', 'coverage', 'reports', '.stryker-tmp']) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
