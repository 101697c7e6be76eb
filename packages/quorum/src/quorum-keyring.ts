import { QUORUM_ALGORITHM, QUORUM_PROVIDER } from '@keyfold/core/keyring';
import type { Keyring } from '@keyfold/core/keyring';
import { check } from './checking/check.js';
import { readOptions } from './settings/read-options.js';
import type { QuorumKeyringOptions } from './settings/read-options.js';
import { unwrap } from './unwrapping/unwrap.js';
import { wrapShares } from './wrapping/wrap-shares.js';

/**
 * A keyring of which k of n members open an envelope together, and fewer learn nothing of its data key.
 *
 * The data key (32 bytes) is split with Shamir's scheme over GF(2^8) into n shares of 32 bytes, each wrapped by its own
 * member, and all nested in one wrapped key of the header. Wrapping goes to all members at once, and every one must succeed.
 * Unwrapping asks all at once and ends at the k-th share: the others are aborted. A member that answers wrongly stops
 * nothing while k others answer rightly.
 *
 * To everyone else it is one keyring: `keks` names the quorum, and a rewrap adds, replaces, repairs and removes it whole.
 * `check` says of the quorum whether its members suffice, and then what each of them says.
 *
 * @throws `invalid-argument`. Its `wrap` throws `wrap-failed` and its `unwrap` `unwrap-failed`, with every attempt and how
 *   many shares of how many came back; both `aborted`
 * @example
 * ```ts
 * import { decrypt, encrypt } from '@keyfold/core';
 * import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
 * import { quorumKeyring } from '@keyfold/quorum';
 *
 * const shares = ['alice', 'bob', 'carol'].map((name) => rawAesKeyring({ name, key: generateAesKey() }));
 * const keyring = quorumKeyring({ name: 'board', threshold: 2, shares });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring });
 * const plaintext = await decrypt(envelope, { keyring });
 * ```
 */
export function quorumKeyring(options: QuorumKeyringOptions): Keyring {
  const settings = readOptions(options);
  const { name } = settings;
  const keyring: Keyring = {
    specificationVersion: 'keyring-v1',
    provider: QUORUM_PROVIDER,
    name,
    keks: [{ provider: QUORUM_PROVIDER, keyId: name }],
    async wrap(request) {
      const ciphertext = await wrapShares(settings, request);
      return { wrappedKeys: [{ provider: QUORUM_PROVIDER, keyId: name, keyVersion: '', algorithm: QUORUM_ALGORITHM, ciphertext }] };
    },
    unwrap: async (request) => await unwrap(keyring, settings, request),
    check: async (request) => await check(settings, request),
  };
  return keyring;
}
