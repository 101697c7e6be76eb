import { keyringConformance } from '@keyfold/keyring-testkit';
import type { KeyringManifest } from '@keyfold/keyring-testkit';
import { describe, it } from 'vitest';
import { generateRsaKeyPair, rawAesKeyring, rawRsaKeyring } from '../src/index.js';

const manifest: Omit<KeyringManifest, 'algorithms' | 'contextBinding'> = {
  provider: 'local-raw',
  keyVersions: false,
  generate: false,
  check: true,
};

keyringConformance({
  describe,
  it,
  name: 'local-raw AES',
  manifest: { ...manifest, algorithms: ['HKDF-SHA512-AES-256-GCM'], contextBinding: 'kms' },
  factory() {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const otherKey = crypto.getRandomValues(new Uint8Array(32));
    return {
      keyring: rawAesKeyring({ name: 'app-2026', key }),
      twin: rawAesKeyring({ name: 'app-2026', key }),
      stranger: rawAesKeyring({ name: 'app-2027', key: otherKey }),
      secrets: [key],
    };
  },
});

// Making a pair takes long; a keyring takes it as it is each time.
const pairs = Promise.all([generateRsaKeyPair({ modulusLength: 2048 }), generateRsaKeyPair({ modulusLength: 2048 })]);

keyringConformance({
  describe,
  it,
  name: 'local-raw RSA',
  manifest: { ...manifest, algorithms: ['RSA-OAEP-256'], contextBinding: 'engine', offlineWrap: true },
  async factory() {
    const [{ publicKey, privateKey }, other] = await pairs;
    return {
      keyring: rawRsaKeyring({ name: 'break-glass-2026', publicKey, privateKey }),
      twin: rawRsaKeyring({ name: 'break-glass-2026', privateKey }),
      stranger: rawRsaKeyring({ name: 'break-glass-2027', ...other }),
      offline: rawRsaKeyring({ name: 'break-glass-2026', publicKey }),
    };
  },
});
