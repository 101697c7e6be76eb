/** What tests of several packages need that has nothing to do with what they test. */
export { withEnvironment } from './environment.js';
export { hold } from './held.js';
export type { Held } from './held.js';
export { like } from './like.js';
export { expectNothingLeft, resources, withoutLeaks, withoutTimers } from './resources.js';
export type { Resources } from './resources.js';
export { until } from './until.js';
