import { encodeQuorum, parseQuorum, QUORUM_ALGORITHM, QUORUM_PROVIDER } from '../../src/format/quorum.js';
import type { WrappedKey } from '../../src/format/wrapped-key.js';
import type { Keyring } from '../../src/keyring/keyring.js';

/** The operations of a keyring, some of them replaced. Each replacement gets the real one. */
export function altered(
  keyring: Keyring,
  changes: {
    readonly wrap?: (request: Parameters<Keyring['wrap']>[0], real: Keyring['wrap']) => ReturnType<Keyring['wrap']>;
    readonly unwrap?: (request: Parameters<Keyring['unwrap']>[0], real: Keyring['unwrap']) => ReturnType<Keyring['unwrap']>;
    readonly check?: NonNullable<Keyring['check']>;
  },
): Keyring {
  const wrap: Keyring['wrap'] = async (request) => await keyring.wrap(request);
  const unwrap: Keyring['unwrap'] = async (request) => await keyring.unwrap(request);
  const { specificationVersion, provider, name, keks } = keyring;
  return {
    specificationVersion,
    provider,
    name,
    keks,
    wrap: async (request) => await (changes.wrap === undefined ? wrap(request) : changes.wrap(request, wrap)),
    unwrap: async (request) => await (changes.unwrap === undefined ? unwrap(request) : changes.unwrap(request, unwrap)),
    ...(changes.check === undefined ? {} : { check: changes.check }),
  };
}

/** A keyring whose KEK cannot be reached: it leaves a pending wrapped key, as a multi-keyring's policy may allow it. */
export function unreachable({ specificationVersion, provider, name, keks }: Keyring): Keyring {
  const failing = async (): Promise<never> => await Promise.reject(new Error('The network is down.'));
  return { specificationVersion, provider, name, keks, wrap: failing, unwrap: failing };
}

/** What stands in a header for a KEK that could not be reached. */
export function pendingKey(provider: string, keyId: string): WrappedKey {
  return { provider, keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) };
}

/**
 * A keyring that writes what a quorum writes. Each of its shares holds the data key itself, so any member opens it: what a
 * rewrap does with a quorum depends on its shape alone.
 */
export function quorumOf(policy: string, threshold: number, members: readonly Keyring[]): Keyring {
  const find = (wrappedKeys: readonly WrappedKey[]): WrappedKey | undefined =>
    wrappedKeys.find(({ provider, keyId }) => provider === QUORUM_PROVIDER && keyId === policy);
  return {
    specificationVersion: 'keyring-v1',
    provider: QUORUM_PROVIDER,
    name: policy,
    keks: [{ provider: QUORUM_PROVIDER, keyId: policy }],
    wrap: async (request) => {
      const wraps = await Promise.all(members.map(async (member) => await member.wrap(request)));
      const shares = wraps.map(({ wrappedKeys }, i) => ({ index: i + 1, wrappedKeys }));
      const ciphertext = encodeQuorum({ threshold, shares });
      return { wrappedKeys: [{ provider: QUORUM_PROVIDER, keyId: policy, keyVersion: '', algorithm: QUORUM_ALGORITHM, ciphertext }] };
    },
    unwrap: async (request) => {
      const wrappedKey = find(request.wrappedKeys);
      if (wrappedKey === undefined) return null;
      const leaves = parseQuorum(wrappedKey, 0).shares.flatMap(({ wrappedKeys }) => wrappedKeys);
      for (const member of members) {
        const result = await member.unwrap({ ...request, wrappedKeys: leaves });
        if (result !== null) return { keyMaterial: result.keyMaterial, wrappedKey };
      }
      return null;
    },
  };
}
