/** The contract of keyrings, on real SDK clients over real sockets. */
import { azureKeyVaultOfflineKeyring } from '@keyfold/azure-keyvault';
import type { AzureKeyVaultKeyringOptions } from '@keyfold/azure-keyvault';
import { hold } from '@keyfold/dev/testing';
import { keyringConformance } from '@keyfold/keyring-testkit';
import type { FaultCase, KeyringFixture, KeyringManifest } from '@keyfold/keyring-testkit';
import type { Fault } from '@keyfold/kms-simulators';
import { describe, it } from 'vitest';
import { publicKeyOf } from './support/public-key.js';
import { hostOf, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();

const rsa = await sim.azure.createKey({ name: 'rsa' });
const other = await sim.azure.createKey({ name: 'other' });
const aes = await sim.azure.createKey({ vault: 'hsm', name: 'aes', kty: 'oct-HSM' });
const otherAes = await sim.azure.createKey({ vault: 'hsm', name: 'other', kty: 'oct-HSM' });
const publicKey = await publicKeyOf(sim, rsa.id);

/** Those that only a deadline ends are in faults.test.ts, where nothing else depends on a short one. */
const FAULTS: readonly FaultCase[] = [
  { kind: 'reset', reason: 'unavailable', retryable: true, remedy: /127\.0\.0\.1/ },
  { kind: 'unavailable', reason: 'unavailable', retryable: true },
  { kind: 'cut-off', reason: 'unavailable', retryable: true },
  { kind: 'truncated', reason: 'integrity', retryable: true, remedy: /proxy/ },
  { kind: 'garbage', reason: 'integrity', retryable: true, remedy: /proxy/ },
  { kind: 'throttled', reason: 'throttled', retryable: true, remedy: /quota/ },
  { kind: 'internal-error', reason: 'unavailable', retryable: true },
  { kind: 'dependency-timeout', reason: 'unavailable', retryable: true },
  { kind: 'other-key', reason: 'integrity', retryable: false },
  { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /keys\/wrap\/action on https/, operations: ['wrap', 'check'] },
  { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /keys\/unwrap\/action on https/, operations: ['unwrap'] },
];

/** A client's first request has no token, and is answered with where to get one. There is a client for each version. */
const REQUESTS = {
  wrap: ['Challenge', 'WrapKey'],
  unwrap: ['Challenge', 'UnwrapKey'],
  check: ['Challenge', 'WrapKey', 'Challenge', 'UnwrapKey'],
} as const;

/** What every fixture has. */
function fixtureOf(key: string, stranger: string, options: Partial<AzureKeyVaultKeyringOptions> = {}): KeyringFixture {
  const make = (id: string): KeyringFixture['keyring'] => keyring({ key: id, ...options });
  const host = hostOf(key);
  const name = key.split('/')[4] ?? '';
  const keyId = `https://${host}/keys/${name}`;
  return {
    keyring: make(key),
    twin: make(key),
    stranger: make(stranger),
    requestCount: () => sim.requests.count(),
    hold: (operation) => hold(sim, operation),
    faults: {
      inject: (kind, operation) => {
        const requests = REQUESTS[operation as keyof typeof REQUESTS].filter((name) => name !== 'Challenge');
        sim.faults.inject({ kind, operation: requests } as Fault);
      },
      heal: () => {
        sim.faults.clear();
      },
    },
    foreignKeyIds: [
      keyId.replace(host, 'acme.vault.azure.net'),
      keyId.replace(host, `${host}.evil.example`),
      keyId.replace(host, `user@${host}`),
      keyId.replace('https:', 'http:'),
      keyId.replace('/keys/', '/secrets/'),
      keyId.replace('/keys/', '/keys/x'),
      keyId.replace('/keys/', '%2fkeys%2f'),
      `${keyId}/0123456789abcdef0123456789abcdef`,
    ],
    cleanup: () => {
      sim.faults.clear();
    },
  };
}

const manifest: KeyringManifest = {
  provider: 'azure-keyvault',
  algorithms: ['RSA-OAEP-256', 'A256KW'],
  contextBinding: 'engine',
  keyVersions: true,
  keyId: /^https:\/\/127\.0\.0\.1:\d+\/keys\/[0-9a-z-]+$/,
  keyVersion: /^[0-9a-f]{32}$/,
  generate: false,
  check: true,
  requests: REQUESTS,
  abandonsRequests: true,
  faults: FAULTS,
};

keyringConformance({
  describe,
  it,
  name: 'azure-keyvault, RSA key',
  manifest: { ...manifest, offlineWrap: true },
  factory: () => ({
    ...fixtureOf(rsa.keyId, other.keyId),
    offline: azureKeyVaultOfflineKeyring({ key: rsa.id, publicKey, trustedHosts: [hostOf(rsa.id)] }),
  }),
});

keyringConformance({
  describe,
  it,
  name: 'azure-keyvault, AES key of a Managed HSM',
  manifest: { ...manifest, deterministic: true, rotation: true },
  async factory() {
    const { keyId } = await sim.azure.createKey({ vault: 'hsm', kty: 'oct-HSM' });
    return {
      ...fixtureOf(keyId, otherAes.keyId, { algorithm: 'A256KW' }),
      rotate: async () => {
        await sim.azure.rotateKey(keyId);
      },
    };
  },
});

keyringConformance({
  describe,
  it,
  name: 'azure-keyvault, one version of a key',
  compositions: [],
  manifest: { ...manifest, deterministic: true },
  factory: () => fixtureOf(aes.id, otherAes.id, { algorithm: 'A256KW' }),
});
