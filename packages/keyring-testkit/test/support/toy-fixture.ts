import type { FaultCase, KeyringFixture, KeyringManifest, Operation } from '../../src/index.js';
import { TOY_ALGORITHM, TOY_PROVIDER, toyKeyring } from './toy-keyring.js';
import { ToyKms } from './toy-kms.js';
import type { ToyRequest } from './toy-kms.js';

const FAULTS: readonly FaultCase[] = [
  { kind: 'throttled', reason: 'throttled', retryable: true },
  { kind: 'denied', reason: 'access-denied', retryable: false, remedy: /toy:use/ },
  { kind: 'disabled', reason: 'disabled', retryable: false },
  { kind: 'down', reason: ['unavailable', 'timeout'], retryable: true },
  { kind: 'hang', reason: 'timeout', retryable: true },
  { kind: 'wrong-answer', reason: 'integrity', retryable: false, operations: ['unwrap'] },
];

/** Every ability that there is for a key in a service. */
export const toyManifest: KeyringManifest = {
  provider: TOY_PROVIDER,
  algorithms: [TOY_ALGORITHM],
  contextBinding: 'kms',
  keyVersions: true,
  generate: true,
  check: true,
  keyId: /^toy:key\/[0-9a-f-]{36}$/,
  keyVersion: /^v[1-9]\d*$/,
  aliases: true,
  rotation: true,
  requests: { wrap: ['Encrypt'], unwrap: ['Decrypt'], generate: ['GenerateDataKey'], check: ['DescribeKey'] },
  abandonsRequests: true,
  faults: FAULTS,
};

/** The same with two KEKs in one keyring. */
export const twoKeksManifest: KeyringManifest = {
  ...toyManifest,
  wrapsPerKeyring: 2,
  requests: {
    wrap: ['Encrypt', 'Encrypt'],
    unwrap: ['Decrypt', 'Decrypt'],
    generate: ['GenerateDataKey', 'Encrypt'],
    check: ['DescribeKey', 'DescribeKey'],
  },
};

const REQUESTS: Readonly<Record<Operation, readonly ToyRequest[]>> = {
  wrap: ['Encrypt'],
  unwrap: ['Decrypt'],
  generate: ['GenerateDataKey'],
  check: ['DescribeKey'],
};

/** A fixture whose service can be reached too. */
export interface ToyFixture extends KeyringFixture {
  readonly kms: ToyKms;
}

/** Keyrings of a new service, with `count` KEKs each, which give up a request after `deadline` ms. */
export function toyFixture(count = 1, deadline = 50): ToyFixture {
  const kms = new ToyKms();
  const createKeys = (): string[] => Array.from({ length: count }, () => kms.createKey());
  const [keys, otherKeys] = [createKeys(), createKeys()];
  const aliases = keys.map((keyId, i) => {
    kms.alias(`alias/app-${i}`, keyId);
    return `alias/app-${i}`;
  });
  return {
    kms,
    keyring: toyKeyring({ kms, keys, deadline }),
    twin: toyKeyring({ kms, keys, deadline }),
    stranger: toyKeyring({ kms, keys: otherKeys, deadline }),
    alias: {
      keyring: toyKeyring({ kms, keys: aliases, deadline }),
      repoint: () => {
        for (const [i, alias] of aliases.entries()) kms.alias(alias, otherKeys[i] ?? '');
      },
    },
    rotate: () => {
      for (const keyId of keys) kms.rotate(keyId);
    },
    requestCount: () => kms.requests,
    hold: (request) => kms.hold(request),
    faults: {
      inject: (kind, operation) => {
        kms.fault = { kind, requests: REQUESTS[operation] };
      },
      heal: () => {
        kms.fault = undefined;
      },
    },
    foreignKeyIds: [kms.createKey(), 'toy:key/of-another-account'],
  };
}
