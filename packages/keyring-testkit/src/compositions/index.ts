import { anyOfTwo } from './any-of.js';
import type { Composition } from './composition.js';
import { passThrough } from './pass-through.js';

/** What the suite runs inside if nothing else is asked for: a decorator that hands everything on, and an any-of of two. */
export const defaultCompositions: readonly Composition[] = [passThrough, anyOfTwo];
