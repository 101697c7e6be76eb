/**
 * The members of Wycheproof's JSON files that are looked at. Byte strings are hexadecimal, sizes are in bits (HKDF's
 * `size` in bytes).
 *
 * @typedef {object} Test
 * @property {number} tcId
 * @property {string} comment
 * @property {string[]} flags
 * @property {'valid' | 'invalid' | 'acceptable'} result
 * @property {string} [key]
 * @property {string} [iv]
 * @property {string} [aad]
 * @property {string} [msg]
 * @property {string} [ct]
 * @property {string} [tag]
 * @property {string} [ikm]
 * @property {string} [salt]
 * @property {string} [info]
 * @property {number} [size]
 * @property {string} [okm]
 * @property {string} [label]
 *
 * @typedef {object} Group
 * @property {Test[]} tests
 * @property {number} [keySize]
 * @property {number} [ivSize]
 * @property {number} [tagSize]
 * @property {string} [sha]
 * @property {string} [mgfSha]
 * @property {string} [privateKeyPkcs8]
 *
 * @typedef {object} VectorFile
 * @property {Group[]} testGroups
 *
 * @typedef {{ failed?: string }} Ran What went wrong, or nothing.
 * @typedef {{ notApplicable: string }} NotApplicable Why a vector cannot be expressed.
 *
 * @typedef {object} Primitive
 * @property {string} name
 * @property {string[]} files
 * @property {(subject: import('./subject.mjs').Subject, group: Group, test: Test) => Promise<Ran | NotApplicable>} run
 */

/** The bytes of a member that this kind of vector has. @param {string | undefined} text */
export function hex(text) {
  if (text === undefined || !/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error('a member is missing or not hexadecimal');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** @param {Uint8Array | undefined} a @param {Uint8Array} b */
export function same(a, b) {
  return a !== undefined && Buffer.compare(a, b) === 0;
}

/** A vector passes if everything that must hold does. @param {Record<string, boolean>} claims */
export function check(claims) {
  const broken = Object.keys(claims).filter((claim) => !claims[claim]);
  return broken.length === 0 ? {} : { failed: broken.join('; ') };
}
