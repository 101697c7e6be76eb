import type { WrappedKeyInfo } from '@keyfold/core';
import type { KeyDirectory, KnownKek } from '../domains/key-directory.js';

/**
 * The ways into an envelope, without what differs from one envelope to the next: ids, versions, ciphertexts. Envelopes
 * with the same one are lost and survive together.
 */
export interface KeySet {
  /** The same for every envelope with the same ways in. */
  readonly name: string;
  /** For `canOpen` of the core. The leaves are the objects of the key directory. */
  readonly wrappedKeys: readonly WrappedKeyInfo[];
  /** The KEKs that open something, each once. */
  readonly keks: readonly KnownKek[];
  /** The KEKs that are wanted and open nothing yet. */
  readonly pending: readonly KnownKek[];
}

/** A KEK in the place of a wrapped key, so that `canOpen` hands it back. */
type Leaf = WrappedKeyInfo & { readonly kek: KnownKek };

/** The KEK behind what `canOpen` asks about. */
export function kekOf(leaf: object): KnownKek {
  return (leaf as Leaf).kek;
}

/** The key set of an envelope, from what its header says. */
export function keySetOf(wrappedKeys: readonly WrappedKeyInfo[], directory: KeyDirectory): KeySet {
  const keks = new Set<KnownKek>();
  const pending = new Set<KnownKek>();
  const reduced = reduce(wrappedKeys, (key) => {
    const kek = directory.get(key);
    (key.pending ? pending : keks).add(kek);
    const { provider, keyId } = kek;
    return { provider, keyId, keyVersion: '', algorithm: '', ciphertextLength: 0, pending: key.pending, kek };
  });
  return { name: JSON.stringify(reduced.map(({ text }) => text)), wrappedKeys: reduced.map(({ key }) => key), keks: [...keks], pending: [...pending] };
}

interface Reduced {
  readonly text: string;
  readonly key: WrappedKeyInfo;
}

/** In an order that does not depend on versions, and each once. */
function reduce(wrappedKeys: readonly WrappedKeyInfo[], leafOf: (key: WrappedKeyInfo) => Leaf): readonly Reduced[] {
  const byText = new Map<string, WrappedKeyInfo>();
  for (const wrappedKey of wrappedKeys) {
    const { text, key } = wrappedKey.quorum === undefined ? leaf(leafOf(wrappedKey)) : quorum(wrappedKey, wrappedKey.quorum, leafOf);
    byText.set(text, key);
  }
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, key]) => ({ text, key }));
}

function leaf(key: Leaf): Reduced {
  return { text: JSON.stringify([key.pending ? 'pending' : 'key', key.provider, key.keyId]), key };
}

function quorum(key: WrappedKeyInfo, { threshold, shares }: NonNullable<WrappedKeyInfo['quorum']>, leafOf: (key: WrappedKeyInfo) => Leaf): Reduced {
  const reduced = shares.map(({ index, wrappedKeys }) => ({ index, keys: reduce(wrappedKeys, leafOf) }));
  // Two shares may sit under the same keys and are two all the same.
  const texts = reduced.map(({ keys }) => JSON.stringify(keys.map(({ text }) => text))).sort();
  return {
    text: JSON.stringify(['quorum', threshold, texts]),
    key: {
      provider: key.provider,
      keyId: key.keyId,
      keyVersion: '',
      algorithm: '',
      ciphertextLength: 0,
      pending: false,
      quorum: { threshold, shares: reduced.map(({ index, keys }) => ({ index, wrappedKeys: keys.map(({ key: inner }) => inner) })) },
    },
  };
}
