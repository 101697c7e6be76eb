// Entries of an encryption context.

/** @typedef {import('./header.mjs').Entry} Entry */

/**
 * @param {string | Uint8Array} key
 * @param {string | Uint8Array} value
 * @returns {Entry}
 */
export const embedded = (key, value) => ({ key, value, kind: 0 });

/**
 * @param {string} key
 * @param {string} value authenticated and not stored
 * @returns {Entry}
 */
export const external = (key, value) => ({ key, value, kind: 1 });

/**
 * The entries in the order of the format, which is that of the keys' UTF-8 bytes.
 *
 * @param {Entry[]} entries
 */
export const sorted = (...entries) =>
  entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
