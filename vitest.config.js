// Runs the tests of every package: each packages/*/vitest.config.js lists its own projects.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

const configs = ['packages', 'examples']
  .map((folder) => join(import.meta.dirname, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'vitest.config.js')))
  .filter((file) => existsSync(file));

/** @type {import('vitest/config').TestProjectInlineConfiguration[]} */
const projects = [];
for (const file of configs) {
  const config = /** @type {{ default: { test: { projects: typeof projects } } }} */ (
    await import(pathToFileURL(file).href)
  );
  projects.push(...config.default.test.projects);
}

export default defineConfig({
  test: { projects, coverage: { include: ['packages/*/src/**'], reporter: ['text', 'html'] } },
});
