/** The contract of keyrings, on real SDK clients over real sockets. */
import { GetPublicKeyCommand, RotateKeyOnDemandCommand, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { awsKmsOfflineKeyring } from '@keyfold/aws-kms';
import type { AwsKmsKeyringOptions } from '@keyfold/aws-kms';
import { hold } from '@keyfold/dev/testing';
import { keyringConformance } from '@keyfold/keyring-testkit';
import type { FaultCase, KeyringFixture, KeyringManifest } from '@keyfold/keyring-testkit';
import type { Fault } from '@keyfold/kms-simulators';
import { describe, it } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const KEY_ARN = /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/;

const symmetric = await sim.aws.createKey({ region: HOME });
const other = await sim.aws.createKey({ region: HOME });
const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
const otherRsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
const multiRegion = await sim.aws.createKey({ region: HOME, replicaRegions: [AWAY] });
const rsaPublicKey = (await kms.send(new GetPublicKeyCommand({ KeyId: rsa.arn }))).PublicKey ?? new Uint8Array();

/** The operation of AWS KMS that an operation of the keyring comes down to. */
const ACTION = { wrap: 'Encrypt', unwrap: 'Decrypt', generate: 'GenerateDataKey', check: ['DescribeKey', 'GenerateDataKey', 'Encrypt', 'Decrypt'] };

/** Those that only a deadline ends are in faults.test.ts, where nothing else depends on a short one. */
const FAULTS: readonly FaultCase[] = [
  { kind: 'reset', reason: 'unavailable', retryable: true, remedy: /eu-west-1/ },
  { kind: 'cut-off', reason: 'unavailable', retryable: true },
  { kind: 'truncated', reason: 'integrity', retryable: true, remedy: /proxy/ },
  { kind: 'garbage', reason: 'integrity', retryable: true },
  { kind: 'throttled', reason: 'throttled', retryable: true, remedy: /quota/ },
  { kind: 'internal-error', reason: 'unavailable', retryable: true },
  { kind: 'dependency-timeout', reason: 'unavailable', retryable: true },
  { kind: 'unavailable', reason: 'unavailable', retryable: true },
  { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /kms:Encrypt on (arn:aws:kms:|[0-9a-f]{8}-)/, operations: ['wrap'] },
  { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /kms:Decrypt on (arn:aws:kms:|[0-9a-f]{8}-)/, operations: ['unwrap'] },
  { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /kms:Encrypt.* (arn:aws:kms:|[0-9a-f]{8}-)/, operations: ['check'] },
  { kind: 'other-key', reason: 'integrity', retryable: false },
];

function faultHooks(): NonNullable<KeyringFixture['faults']> {
  return {
    inject: (kind, operation) => {
      sim.faults.inject({ kind, operation: ACTION[operation] } as Fault);
    },
    heal: () => {
      sim.faults.clear();
    },
  };
}

const manifest: KeyringManifest = {
  provider: 'aws-kms',
  algorithms: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'],
  contextBinding: 'kms',
  keyVersions: false,
  keyId: KEY_ARN,
  generate: true,
  check: true,
  aliases: true,
  rotation: true,
  requests: { wrap: ['Encrypt'], unwrap: ['Decrypt'], generate: ['GenerateDataKey'], check: ACTION.check },
  abandonsRequests: true,
  faults: [...FAULTS, { kind: 'access-denied', reason: 'access-denied', retryable: false, remedy: /kms:GenerateDataKey on (arn:aws:kms:|[0-9a-f]{8}-)/, operations: ['generate'] }],
};

/** What every fixture has. */
function fixtureOf(key: string, stranger: string, options: Partial<AwsKmsKeyringOptions> = {}): KeyringFixture {
  const make = (name: string): KeyringFixture['keyring'] => keyring({ key: name, ...options });
  return {
    keyring: make(key),
    twin: make(key),
    stranger: make(stranger),
    requestCount: () => sim.requests.count(),
    hold: (operation) => hold(sim, operation),
    faults: faultHooks(),
    foreignKeyIds: [
      key.replace('111122223333', '999999999999'),
      ...(key.includes('mrk-') ? [] : [key.replace(HOME, AWAY)]),
      key.replace(/^arn:aws:/, 'arn:aws-cn:'),
      'alias/app',
    ],
    cleanup: () => {
      sim.faults.clear();
    },
  };
}

let aliases = 0;

keyringConformance({
  describe,
  it,
  name: 'aws-kms, symmetric key',
  manifest,
  async factory() {
    const name = `alias/conformance-${++aliases}`;
    const aliased = await sim.aws.createKey({ region: HOME, alias: name });
    return {
      ...fixtureOf(aliased.arn, other.arn),
      alias: {
        keyring: keyring({ key: name, region: HOME }),
        repoint: async () => {
          await kms.send(new UpdateAliasCommand({ AliasName: name, TargetKeyId: other.keyId }));
        },
      },
      rotate: async () => {
        await kms.send(new RotateKeyOnDemandCommand({ KeyId: aliased.keyId }));
      },
    };
  },
});

const { aliases: _aliases, rotation: _rotation, ...plain } = manifest;

keyringConformance({
  describe,
  it,
  name: 'aws-kms, multi-Region key',
  compositions: [],
  manifest: plain,
  factory: () => fixtureOf(multiRegion.arn, other.arn),
});

keyringConformance({
  describe,
  it,
  name: 'aws-kms, RSA key',
  manifest: {
    ...plain,
    contextBinding: 'engine',
    generate: false,
    offlineWrap: true,
    requests: { wrap: ['Encrypt'], unwrap: ['Decrypt'], check: ['DescribeKey', 'Encrypt', 'Decrypt'] },
    faults: FAULTS,
  },
  factory: () => ({
    ...fixtureOf(rsa.arn, otherRsa.arn, { algorithm: 'RSAES_OAEP_SHA_256' }),
    offline: awsKmsOfflineKeyring({ key: rsa.arn, publicKey: rsaPublicKey }),
  }),
});

keyringConformance({
  describe,
  it,
  name: 'aws-kms, key id',
  compositions: [],
  manifest: plain,
  factory: () => ({ ...fixtureOf(symmetric.keyId, other.keyId, { region: HOME }), foreignKeyIds: [] }),
});
