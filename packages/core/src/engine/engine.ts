import * as implementation from '#engine';
import type { Engine } from './types.js';

/** The engine of this runtime. Typed as the interface, so that nothing relies on one of the two. */
export const engine: Engine = implementation;
