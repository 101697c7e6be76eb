/** The contract of keyrings, on real SDK clients over real sockets. */
import { hold } from '@keyfold/dev/testing';
import { gcpKmsOfflineKeyring } from '@keyfold/gcp-kms';
import type { GcpKmsKeyringOptions } from '@keyfold/gcp-kms';
import { keyringConformance } from '@keyfold/keyring-testkit';
import type { FaultCase, KeyringFixture, KeyringManifest } from '@keyfold/keyring-testkit';
import type { Fault } from '@keyfold/kms-simulators';
import { describe, it } from 'vitest';
import { AWAY, HOME, rotate, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const KEY_NAME = /^projects\/[a-z0-9-]+\/locations\/[a-z0-9-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+$/;
const VERSION = /^[1-9][0-9]*$/;

const other = await sim.gcp.createKey({ location: HOME });
const hsm = await sim.gcp.createKey({ location: HOME, protectionLevel: 'HSM' });
const rsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const otherRsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const [{ pem: publicKey }] = await kms.getPublicKey({ name: rsa.version });

/** Those that only a deadline ends are in faults.test.ts, where nothing else depends on a short one. */
const FAULTS: readonly FaultCase[] = [
  { kind: 'reset', reason: 'unavailable', retryable: true, remedy: /europe-west1/ },
  { kind: 'unavailable', reason: 'unavailable', retryable: true },
  { kind: 'cut-off', reason: 'unavailable', retryable: true },
  // Half of such an answer is a message all the same, of which the client does not say that it ends too early.
  { kind: 'truncated', reason: 'integrity', retryable: false, operations: ['wrap', 'check'] },
  { kind: 'truncated', reason: 'integrity', retryable: true, remedy: /proxy/, operations: ['unwrap'] },
  { kind: 'garbage', reason: 'integrity', retryable: true },
  { kind: 'throttled', reason: 'throttled', retryable: true, remedy: /quota/ },
  { kind: 'internal-error', reason: 'unavailable', retryable: true },
  { kind: 'dependency-timeout', reason: 'timeout', retryable: true },
  { kind: 'wrong-crc', reason: 'integrity', retryable: false },
];

/** The requests behind each operation of the keyring. */
type Requests = NonNullable<KeyringManifest['requests']>;

function denied(permission: RegExp, operation: FaultCase['operations']): FaultCase {
  return { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: permission, ...(operation && { operations: operation }) };
}

function faultHooks(requests: Requests): NonNullable<KeyringFixture['faults']> {
  return {
    inject: (kind, operation) => {
      sim.faults.inject({ kind, operation: requests[operation] } as Fault);
    },
    heal: () => {
      sim.faults.clear();
    },
  };
}

/** What every fixture has. */
function fixtureOf(key: string, stranger: string, requests: Requests, options: Partial<GcpKmsKeyringOptions> = {}): KeyringFixture {
  const make = (name: string): KeyringFixture['keyring'] => keyring({ key: name, ...options });
  const keyId = key.replace(/\/cryptoKeyVersions\/.*$/, '');
  return {
    keyring: make(key),
    twin: make(key),
    stranger: make(stranger),
    requestCount: () => sim.requests.count(),
    hold: (operation) => hold(sim, operation),
    faults: faultHooks(requests),
    foreignKeyIds: [
      keyId.replace('simulator', 'somebody'),
      keyId.replace(HOME, AWAY),
      keyId.replace('/keyRings/', '/keyRings/x'),
      keyId.replace('projects/', 'projects/evil.example:'),
      `${keyId}/cryptoKeyVersions/1`,
      `//cloudkms.googleapis.com/${keyId}`,
      keyId.replace('/locations/', '%2flocations%2f'),
    ],
    cleanup: () => {
      sim.faults.clear();
    },
  };
}

const symmetricRequests: Requests = { wrap: ['Encrypt'], unwrap: ['Decrypt'], check: ['Encrypt', 'Decrypt'] };

const symmetric: KeyringManifest = {
  provider: 'gcp-kms',
  algorithms: ['GOOGLE_SYMMETRIC_ENCRYPTION'],
  contextBinding: 'kms',
  keyVersions: true,
  keyId: KEY_NAME,
  keyVersion: VERSION,
  generate: false,
  check: true,
  rotation: true,
  requests: symmetricRequests,
  abandonsRequests: true,
  faults: [
    ...FAULTS,
    denied(/useToEncrypt .* on projects\/simulator\//, ['wrap', 'check']),
    denied(/useToDecrypt .* on projects\/simulator\//, ['unwrap']),
    { kind: 'other-key', reason: 'integrity', retryable: false, operations: ['wrap', 'unwrap', 'check'] },
    { kind: 'unverified-crc', reason: 'integrity', retryable: false, operations: ['wrap', 'check'] },
  ],
};

keyringConformance({
  describe,
  it,
  name: 'gcp-kms, symmetric key',
  manifest: symmetric,
  async factory() {
    const { name } = await sim.gcp.createKey({ location: HOME });
    return {
      ...fixtureOf(name, other.name, symmetricRequests),
      rotate: async () => {
        await rotate(kms, name);
      },
    };
  },
});

const { rotation: _rotation, ...plain } = symmetric;

keyringConformance({
  describe,
  it,
  name: 'gcp-kms, key in an HSM',
  compositions: [],
  manifest: plain,
  factory: () => fixtureOf(hsm.name, other.name, symmetricRequests),
});

const rsaRequests: Requests = { wrap: ['GetPublicKey'], unwrap: ['AsymmetricDecrypt'], check: ['GetPublicKey', 'AsymmetricDecrypt'] };

keyringConformance({
  describe,
  it,
  name: 'gcp-kms, RSA key',
  manifest: {
    ...plain,
    algorithms: ['RSA_DECRYPT_OAEP_2048_SHA256', 'RSA_DECRYPT_OAEP_3072_SHA256', 'RSA_DECRYPT_OAEP_4096_SHA256'],
    contextBinding: 'engine',
    offlineWrap: true,
    requests: rsaRequests,
    faults: [
      ...FAULTS,
      denied(/viewPublicKey .* on projects\/simulator\//, ['wrap', 'check']),
      denied(/useToDecrypt .* on projects\/simulator\//, ['unwrap']),
      { kind: 'other-key', reason: 'integrity', retryable: false },
      { kind: 'unverified-crc', reason: 'integrity', retryable: false, operations: ['unwrap', 'check'] },
    ],
  },
  factory: () => ({
    ...fixtureOf(rsa.version, otherRsa.version, rsaRequests),
    offline: gcpKmsOfflineKeyring({ key: rsa.version, publicKey: publicKey ?? '' }),
  }),
});
