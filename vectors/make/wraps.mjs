// Ways to wrap the data key of a message.
import { cat, seeded, u8 } from './bytes.mjs';
import { inOrder, wrappedKeyBytes } from './header.mjs';
import { aesKeks, rsaKeks } from './keks.mjs';
import { wrapAes, wrapRsa } from './local-raw.mjs';
import { shareOf } from './shamir.mjs';

/** @typedef {import('./header.mjs').WrappedKey} WrappedKey */

/** @typedef {{ vector: string, dataKey: Uint8Array, contextDigest: Uint8Array }} Subject */

/** @typedef {{ x: number, share: Uint8Array, wrappedKeys: WrappedKey[] }} Share */

/** @typedef {{ keyId: string, threshold: number, shares: Share[], keks: string[][] }} Quorum with the KEKs at hand of each share */

/** @typedef {(subject: Subject) => { wrappedKey: WrappedKey, kek?: string, quorum?: Quorum }} Wrap */

/**
 * Under a local AES key.
 *
 * @param {string} name
 * @param {Partial<WrappedKey>} [changes]
 * @param {Uint8Array} [givenWrapId] default: seeded
 * @returns {Wrap}
 */
export function aes(name, changes = {}, givenWrapId) {
  return ({ vector, dataKey, contextDigest }) => {
    const wrapId = givenWrapId ?? seeded(vector, `wrap id of ${name}`, 16);
    const kek = /** @type {Uint8Array} */ (aesKeks[name]);
    const { ciphertext } = wrapAes({ name, kek, wrapId, contextDigest, keyMaterial: dataKey });
    return { wrappedKey: { ...local(name, 'HKDF-SHA512-AES-256-GCM', ciphertext), ...changes }, kek: name };
  };
}

/**
 * Under a local RSA key.
 *
 * @param {keyof typeof rsaKeks} name
 * @returns {Wrap}
 */
export function rsa(name) {
  return ({ vector, dataKey }) => {
    const seed = seeded(vector, `OAEP seed of ${name}`, 32);
    const ciphertext = wrapRsa({ ...rsaKeks[name], seed, keyMaterial: dataKey });
    return { wrappedKey: local(name, 'RSA-OAEP-256', ciphertext), kek: name };
  };
}

/**
 * Other bytes than those that should be wrapped.
 *
 * @param {Wrap} wrap
 * @param {number} [length]
 * @returns {Wrap}
 */
export const wrongly =
  (wrap, length = 32) =>
  (subject) =>
    wrap({ ...subject, dataKey: seeded(subject.vector, 'wrong bytes', length) });

/**
 * A wrapped key exactly as given; nothing here opens it.
 *
 * @param {WrappedKey} wrappedKey
 * @returns {Wrap}
 */
export const exactly = (wrappedKey) => () => ({ wrappedKey });

/**
 * A wrapped key of some provider whose ciphertext no KEK of the vectors opens.
 *
 * @param {string} provider
 * @param {string} keyId
 * @param {string} keyVersion
 * @param {string} algorithm
 * @param {number} length of the ciphertext
 * @returns {Wrap}
 */
export const foreign =
  (provider, keyId, keyVersion = '', algorithm = 'EXAMPLE', length = 8) =>
  ({ vector }) => {
    const filler = seeded(vector, `${provider} ${keyId} ${keyVersion}`, 32);
    const ciphertext = Buffer.alloc(length, filler);
    return { wrappedKey: { provider, keyId, keyVersion, algorithm, ciphertext } };
  };

/**
 * A wrapped key whose KEK could not be reached.
 *
 * @param {string} provider
 * @param {string} keyId
 */
export const pending = (provider, keyId) => exactly({ provider, keyId });

/**
 * @typedef {object} QuorumPlan
 * @property {number} threshold
 * @property {{ x: number, wraps: Wrap[] }[]} shares
 * @property {boolean} [unsorted] leave the wrapped keys of each share as given
 * @property {Partial<WrappedKey>} [changes]
 * @property {Uint8Array} [trailing] bytes behind the last share
 * @property {number} [claimedThreshold]
 */

/**
 * Split into shares, each wrapped on its own.
 *
 * @param {string} keyId
 * @param {QuorumPlan} plan
 * @returns {Wrap}
 */
export function quorum(keyId, plan) {
  return (subject) => {
    const coefficients = Array.from({ length: plan.threshold - 1 }, (_, i) =>
      seeded(subject.vector, `coefficient ${i + 1} of ${keyId}`, 32),
    );
    /** @type {string[][]} */
    const keks = [];
    const shares = plan.shares.map(({ x, wraps }) => {
      const share = shareOf(subject.dataKey, coefficients, x);
      const made = wraps.map((wrap) => wrap({ ...subject, dataKey: share }));
      keks.push(made.flatMap(({ kek }) => (kek === undefined ? [] : [kek])));
      const wrappedKeys = made.map(({ wrappedKey }) => wrappedKey);
      return { x, share, wrappedKeys: plan.unsorted === true ? wrappedKeys : inOrder(wrappedKeys) };
    });
    const ciphertext = cat(
      u8(plan.claimedThreshold ?? plan.threshold),
      u8(shares.length),
      ...shares.map(({ x, wrappedKeys }) => cat(u8(x), u8(wrappedKeys.length), ...wrappedKeys.map(wrappedKeyBytes))),
      plan.trailing ?? new Uint8Array(),
    );
    const wrappedKey = { provider: 'quorum', keyId, algorithm: 'SHAMIR-GF256', ciphertext, ...plan.changes };
    return { wrappedKey, quorum: { keyId, threshold: plan.threshold, shares, keks } };
  };
}

/**
 * @param {string} keyId
 * @param {string} algorithm
 * @param {Uint8Array} ciphertext
 */
function local(keyId, algorithm, ciphertext) {
  return { provider: 'local-raw', keyId, algorithm, ciphertext };
}
