// Gathers vectors: files with bytes, and entries of the index that say what each must give.
import { sha256 } from './bytes.mjs';
import { describeHeader, describeKeys, describeText } from './describe.mjs';

/** @typedef {import('./message.mjs').Message} Message */

/** @typedef {'envelope' | 'header' | 'payload' | 'text' | 'text_header'} Part */

/** @typedef {Partial<Record<Part, Uint8Array | string>>} Input bytes, or the text of a text form */

/**
 * What the caller says. Pairs, or that any context will do; default: every pair of the message.
 *
 * @typedef {object} Caller
 * @property {[string, string][] | 'unchecked'} [context]
 * @property {Record<string, number>} [limits]
 * @property {Uint8Array} [dataKey] what the keyring unwraps, when it is not the message's
 * @property {boolean} [onlyKeks] to be opened with the KEKs only: unwrapping is what is tested
 * @property {string[]} [keks] when they are not the message's
 * @property {ReaderQuorum[]} [quorums] when they are not the message's
 */

/** @typedef {{ key_id: string, threshold: number, keks: string[] }} ReaderQuorum what a reader has of a quorum */

/** @typedef {{ error: string } & Record<string, unknown>} Failure */

const extensions = { envelope: '.bin', header: '.header.bin', payload: '.payload.bin', text: '.txt', text_header: '.header.txt' };

export class Collection {
  /** @type {Map<string, Uint8Array>} */
  files = new Map();
  /** @type {Record<string, unknown>[]} */
  vectors = [];

  /**
   * A message that opens.
   *
   * @param {string} name
   * @param {string} about
   * @param {Message} message
   * @param {Input} [input] default: the envelope
   * @param {Caller} [caller]
   */
  opens(name, about, message, input = { envelope: message.envelope }, caller = {}) {
    this.#add(name, about, message, this.#store('positive', name, input), caller, {
      plaintext: { length: message.plaintext.length, sha256: sha256(message.plaintext).toString('hex') },
      header: describeHeader(message),
      keys: describeKeys(message),
    });
  }

  /**
   * Bytes that must be refused.
   *
   * @param {string} name
   * @param {string} about
   * @param {Message} message what they were made from
   * @param {Input} input
   * @param {Failure} failure
   * @param {Caller} [caller]
   */
  fails(name, about, message, input, failure, caller = {}) {
    this.#add(name, about, message, this.#store('negative', name, input), caller, failure);
  }

  /**
   * The bytes of a vector above, and a caller who must be refused, or who opens it too.
   *
   * @param {string} name
   * @param {string} about
   * @param {string} of the name of that vector
   * @param {Message} message
   * @param {Failure | 'opens'} outcome
   * @param {Caller} caller
   */
  again(name, about, of, message, outcome, caller) {
    const input = this.vectors.find((vector) => vector['name'] === of)?.['input'];
    if (input === undefined) throw new Error(`There is no vector ${of}.`);
    const plaintext = { length: message.plaintext.length, sha256: sha256(message.plaintext).toString('hex') };
    this.#add(name, about, message, input, caller, outcome === 'opens' ? { plaintext } : outcome);
  }

  /**
   * @param {'positive' | 'negative'} folder
   * @param {string} name
   * @param {Input} input
   */
  #store(folder, name, input) {
    /** @type {Record<string, string>} */
    const paths = {};
    for (const [part, content] of Object.entries(input)) {
      const path = `${folder}/${name}${extensions[/** @type {Part} */ (part)]}`;
      const bytes = Buffer.from(content);
      const same = [...this.files].find(([, stored]) => bytes.length > 1024 && bytes.equals(stored));
      this.files.set(same?.[0] ?? path, bytes);
      paths[part] = same?.[0] ?? path;
    }
    return paths;
  }

  /**
   * @param {string} name
   * @param {string} about
   * @param {Message} message
   * @param {unknown} input
   * @param {Caller} caller
   * @param {Record<string, unknown>} expect
   */
  #add(name, about, message, input, caller, expect) {
    if (this.vectors.some((vector) => vector['name'] === name)) throw new Error(`Two vectors are called ${name}.`);
    const pairs = caller.context ?? message.parts.context.map(({ key, value }) => [String(key), String(value)]);
    const context = pairs === 'unchecked' ? pairs : pairs.map((pair) => pair.map(describeText));
    const quorums = caller.quorums ?? ('plaintext' in expect ? quorumsOf(message) : []);
    this.vectors.push({
      name,
      about,
      input,
      ...(context.length > 0 && { context }),
      ...(caller.limits && { limits: caller.limits }),
      ...(caller.onlyKeks !== true && { data_key: Buffer.from(caller.dataKey ?? message.dataKey).toString('hex') }),
      keks: caller.keks ?? message.keks,
      ...(quorums.length > 0 && { quorums }),
      expect,
    });
  }
}

/**
 * What opens a message by way of its quorums: the KEKs of every k shares, and all that are at hand.
 *
 * @param {Message} message
 * @returns {ReaderQuorum[]}
 */
function quorumsOf({ quorums }) {
  return [...quorums.values()].flatMap(({ keyId, threshold, keks }) => {
    const atHand = keks.filter((ofShare) => ofShare.length > 0);
    const sets = [...subsetsOf(atHand, threshold), ...(atHand.length > threshold ? [atHand] : [])];
    return sets.map((set) => ({ key_id: keyId, threshold, keks: set.flat() }));
  });
}

/**
 * @template T
 * @param {T[]} items
 * @param {number} size
 * @returns {T[][]}
 */
function subsetsOf(items, size) {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => subsetsOf(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]));
}
