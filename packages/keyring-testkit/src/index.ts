/**
 * The conformance suite for keyrings: what the contract of `@keyfold/core/keyring` asks for, as tests that any test
 * runner runs.
 *
 * @packageDocumentation
 */
export { defaultCompositions } from './compositions/index.js';
export type { Composition } from './compositions/composition.js';
export { keyringConformance } from './conformance.js';
export type { ConformanceOptions } from './conformance.js';
export type { AliasHooks, FaultHooks, HeldAnswer, KeyringFixture } from './fixture.js';
export type { FaultCase, KeyringManifest, Operation } from './manifest.js';
export { ConformanceError } from './support/assert.js';
