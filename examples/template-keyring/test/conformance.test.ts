import { keyringConformance } from '@keyfold/keyring-testkit';
import { describe, it } from 'vitest';
import { acmeKeyring } from '../src/acme-keyring.js';
import { AcmeService } from './acme-service.js';

keyringConformance({
  describe,
  it,
  manifest: {
    provider: 'acme-kms',
    algorithms: ['ACME_AES_256'],
    contextBinding: 'kms',
    keyVersions: false,
    generate: false,
    check: false,
    faults: [
      { kind: 'AccessDenied', reason: 'access-denied', retryable: false, remedy: /acme\.kms\.use/ },
      { kind: 'Throttled', reason: 'throttled', retryable: true },
    ],
  },
  factory() {
    const client = new AcmeService();
    const [keyId, otherKeyId] = [client.createKey(), client.createKey()];
    return {
      keyring: acmeKeyring({ client, keyId }),
      twin: acmeKeyring({ client, keyId }),
      stranger: acmeKeyring({ client, keyId: otherKeyId }),
      faults: { inject: (kind) => void (client.failsWith = kind), heal: () => void (client.failsWith = undefined) },
    };
  },
});
