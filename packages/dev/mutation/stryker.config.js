// What must not be wrong: the format and everything that turns bytes into envelopes and back.
import { availableParallelism } from 'node:os';
import { engine } from './engine.js';

const core = 'packages/core/src/{format,engine,context,keys,message,stream}/**/*.ts';

export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'packages/dev/mutation/vitest.config.js' },
  // The tests are the same on both engines, so the second run takes only what the first cannot reach.
  mutate: engine === 'web' ? ['packages/core/src/engine/web.ts'] : [core, '!packages/core/src/engine/web.ts'],
  ignorePatterns: ['dist', 'reports', 'coverage', '.turbo'],
  coverageAnalysis: 'perTest',
  concurrency: availableParallelism(),
  timeoutMS: 10_000,
  thresholds: { high: 95, low: 90, break: 85 },
  reporters: ['clear-text', 'html'],
  clearTextReporter: { reportTests: false },
  htmlReporter: { fileName: `reports/mutation-${engine}.html` },
  tempDirName: '.stryker-tmp',
  warnings: { slow: false },
};
