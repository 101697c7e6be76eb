import type { Policy } from './model.js';

/** The ways of writing that the matrix goes through. */
export const POLICIES: readonly Policy[] = [
  { name: 'strict' },
  { name: 'any two', write: { minimum: 2 } },
  { name: 'two providers', write: { minimum: 2, distinctDomains: ['provider'] } },
  { name: 'one, and Google Cloud', write: { minimum: 1 }, requires: ({ keyring }) => keyring.provider === 'gcp-kms' },
];
