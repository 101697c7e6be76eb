import { describe, it } from 'vitest';
import { defaultCompositions, keyringConformance } from '../src/index.js';
import { nested } from './support/nested.js';
import { toyFixture, toyManifest, twoKeksManifest } from './support/toy-fixture.js';
import { toyRsaFixture, toyRsaManifest } from './support/toy-rsa-keyring.js';

// Keyrings that keep every rule: what the suite finds in the broken ones, it must not find here.
const compositions = [...defaultCompositions, nested];
keyringConformance({ describe, it, manifest: toyManifest, factory: () => toyFixture(), compositions });
keyringConformance({
  describe,
  it,
  name: 'toy-kms with two KEKs',
  manifest: twoKeksManifest,
  factory: () => toyFixture(2),
});
keyringConformance({ describe, it, manifest: toyRsaManifest, factory: toyRsaFixture, compositions });
