/** The contract's suite: a quorum as a keyring, alone and inside others; and another keyring inside a quorum. */
import { keyringConformance } from '@keyfold/keyring-testkit';
import type { Composition, KeyringManifest } from '@keyfold/keyring-testkit';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { describe, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { partnerOf } from './support/partner.js';

const quorumManifest: KeyringManifest = {
  provider: 'quorum',
  algorithms: ['SHAMIR-GF256'],
  contextBinding: 'kms',
  keyVersions: false,
  generate: false,
  check: true,
  composed: true,
};

keyringConformance({
  describe,
  it,
  manifest: quorumManifest,
  factory() {
    const make = (name: string, keys: readonly Uint8Array[]): ReturnType<typeof quorumKeyring> =>
      quorumKeyring({ name, threshold: keys.length, shares: keys.map((key, i) => rawAesKeyring({ name: `${name}-${i}`, key })) });
    // Two of two: of three, a bit flipped in the threshold can make another policy of it, which is left alone.
    const keys = [generateAesKey(), generateAesKey()];
    return {
      keyring: make('board', keys),
      twin: make('board', keys),
      stranger: make('auditors', [generateAesKey(), generateAesKey()]),
      secrets: keys,
    };
  },
});

/** Two shares, one of them the keyring's: whatever goes wrong with it goes wrong with the quorum. */
const oneOfBoth: Composition = {
  name: 'a quorum of 2 out of 2',
  compose: (keyring) =>
    quorumKeyring({ name: `with-${keyring.name}`, threshold: 2, shares: [partnerOf(keyring.name), keyring], deadline: 3_000 }),
  interchangeable: false,
  adapt: (manifest) => ({ ...manifest, ...quorumManifest }),
};

keyringConformance({
  describe,
  it,
  name: 'local-raw AES',
  manifest: { ...quorumManifest, provider: 'local-raw', algorithms: ['HKDF-SHA512-AES-256-GCM'], composed: false },
  factory() {
    const key = generateAesKey();
    return {
      keyring: rawAesKeyring({ name: 'app-2026', key }),
      twin: rawAesKeyring({ name: 'app-2026', key }),
      stranger: rawAesKeyring({ name: 'app-2027', key: generateAesKey() }),
      secrets: [key],
    };
  },
  compositions: [oneOfBoth],
});
