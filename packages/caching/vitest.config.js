import { singleProject } from '@keyfold/dev/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { projects: singleProject(import.meta.dirname) } });
