/** The contract's suite: a keyring inside a cache does all that it does alone. */
import { keyringConformance } from '@keyfold/keyring-testkit';
import type { Composition, KeyringManifest } from '@keyfold/keyring-testkit';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { describe, it } from 'vitest';
import { cachingKeyring } from '../src/index.js';

const manifest: KeyringManifest = {
  provider: 'local-raw',
  algorithms: ['HKDF-SHA512-AES-256-GCM'],
  contextBinding: 'kms',
  keyVersions: false,
  generate: false,
  check: true,
};

/** With a data key for each message: that they differ is among the rules. What serves several is tested by itself. */
const cache: Composition = {
  name: 'a cache',
  compose: (keyring) => cachingKeyring({ keyring, maxMessages: 1 }),
  adapt: (inside) => ({ ...inside, generate: true }),
};

keyringConformance({
  describe,
  it,
  manifest,
  factory() {
    const key = generateAesKey();
    return {
      keyring: rawAesKeyring({ name: 'app-2026', key }),
      twin: rawAesKeyring({ name: 'app-2026', key }),
      stranger: rawAesKeyring({ name: 'app-2027', key: generateAesKey() }),
      secrets: [key],
    };
  },
  compositions: [cache],
});
