import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { engineProjects } from '../vitest/projects.js';
import { engine } from './engine.js';

const core = join(import.meta.dirname, '../../core');

/**
 * Tests that run once for each mutant must be quick. These take seconds, or start processes that run the build, which is
 * not mutated; or they are about parts of the core that are not mutated.
 */
const excluded = [
  'test/vectors.test.ts',
  'test/message/every-byte.test.ts',
  'test/stream/forgotten.test.ts',
  'test/{file,file-rewrap,multi,range,rewrap,usage}/**',
];

/** @type {import('vitest/config').TestProjectInlineConfiguration[]} */
const projects = [];
for (const project of engineProjects(core)) {
  if (project.test?.name !== `core (${engine})`) continue;
  const { test } = project;
  const quick = { exclude: excluded, testTimeout: 5_000, env: { ...test.env, KEYFOLD_MUTATION: '1' } };
  projects.push({ ...project, test: { ...test, ...quick } });
}

export default defineConfig({ test: { projects } });
