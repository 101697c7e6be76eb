import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { engineProjects } from '../vitest/projects.js';
import { engine } from './engine.js';

const core = join(import.meta.dirname, '../../core');

export default defineConfig({
  test: { projects: engineProjects(core).filter(({ test }) => test?.name === `core (${engine})`) },
});
