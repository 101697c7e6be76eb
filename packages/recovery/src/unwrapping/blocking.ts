import type { KekVersion, Keyring } from '@keyfold/core';
import { encodeQuorum, keyringError, parseQuorum, QUORUM_PROVIDER } from '@keyfold/core/keyring';
import type { WrappedKey } from '@keyfold/core/keyring';

/**
 * A keyring as it would be if KEKs were lost: it opens with the others alone. The wrapped keys of lost KEKs are taken out
 * of the request before the keyring sees them, those of a quorum's shares too, so it cannot ask for them, nor answer from a
 * cache. It works whatever the keyring is made of: multi-keyrings and quorums with all their members.
 *
 * It opens and does nothing else: what is wrapped while a drill goes on is none of the drill's business, and `wrap` throws.
 *
 * @param isLost - whether a KEK, at this version, is lost
 * @example
 * ```ts
 * import { decrypt, encrypt, multiKeyring } from '@keyfold/core';
 * import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
 * import { blocking } from '@keyfold/recovery';
 *
 * const members = ['app', 'safe'].map((name) => rawAesKeyring({ name, key: generateAesKey() }));
 * const keyring = multiKeyring({ members });
 * const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring });
 * await decrypt(envelope, { keyring: blocking(keyring, ({ keyId }) => keyId === 'app') }); // opened by the key "safe"
 * ```
 */
export function blocking(keyring: Keyring, isLost: (kek: KekVersion) => boolean): Keyring {
  return {
    specificationVersion: 'keyring-v1',
    provider: keyring.provider,
    name: keyring.name,
    keks: keyring.keks,
    wrap: async () => {
      const [kek = { provider: keyring.provider, keyId: keyring.name }] = keyring.keks;
      return await Promise.reject(
        keyringError(
          {
            provider: kek.provider,
            keyring: keyring.name,
            keyId: kek.keyId,
            operation: 'wrap',
            reason: 'misconfigured',
            retryable: false,
            remedy: 'Encrypt with the keyring itself: this one is for recovery drills, and only opens.',
          },
          'this keyring stands for one whose keys are lost.',
        ),
      );
    },
    unwrap: async (request) => {
      const wrappedKeys = withoutLost(request.wrappedKeys, isLost);
      return wrappedKeys.length === 0 ? null : await keyring.unwrap({ ...request, wrappedKeys });
    },
  };
}

/**
 * What is left of wrapped keys: those of lost KEKs go, and those of shares. A share without any wrapped key goes, and with
 * fewer shares than its threshold a quorum goes too, since no header could hold one.
 */
export function withoutLost(wrappedKeys: readonly WrappedKey[], isLost: (kek: KekVersion) => boolean): readonly WrappedKey[] {
  return wrappedKeys.flatMap((key) => {
    if (key.provider !== QUORUM_PROVIDER || key.ciphertext.length === 0) return isLost(key) ? [] : [key];
    const { threshold, shares } = parseQuorum(key, 0);
    const left = shares.map(({ index, wrappedKeys: leaves }) => ({ index, wrappedKeys: leaves.filter((leaf) => !isLost(leaf)) }));
    const alive = left.filter(({ wrappedKeys: leaves }) => leaves.length > 0);
    return alive.length < threshold ? [] : [{ ...key, ciphertext: encodeQuorum({ threshold, shares: alive }) }];
  });
}
