import { engineProjects } from '@keyfold/dev/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { projects: engineProjects(import.meta.dirname) } });
