import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { root } from '../lib/run.mjs';
import { publicPackages, workspacePackages } from '../lib/workspace.mjs';

/** What a new package is easily forgotten in. */
export async function workspaceShape() {
  const problems = [];
  const config = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const references = JSON.stringify(config.config);
  for (const { folder, manifest } of workspacePackages()) {
    const name = basename(folder);
    if (manifest.name !== `@keyfold/${name}`) problems.push(`packages/${name} is called ${manifest.name}.`);
    if (existsSync(join(folder, 'tsconfig.build.json')) && !references.includes(`packages/${name}/tsconfig.build.json`)) {
      problems.push(`tsconfig.json has no reference to packages/${name}/tsconfig.build.json.`);
    }
    if (existsSync(join(folder, 'test')) && !existsSync(join(folder, 'vitest.config.js'))) {
      problems.push(`packages/${name} has tests and no vitest.config.js, so they never run.`);
    }
  }
  for (const { folder } of publicPackages()) {
    if (!existsSync(join(folder, 'README.md'))) problems.push(`packages/${basename(folder)} has no README.md.`);
  }
  return await Promise.resolve({ problems });
}
