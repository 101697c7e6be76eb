// Builds one message from what is special about it; everything else is the same in all vectors.
import { cat, seeded, sha256 } from './bytes.mjs';
import { contextBytes, deriveKeys, headerBytes, inOrder } from './header.mjs';
import { plaintextOf, sealSegments } from './payload.mjs';
import { aes } from './wraps.mjs';

/** @typedef {import('./header.mjs').HeaderParts} HeaderParts */

/**
 * @typedef {object} Special
 * @property {import('./wraps.mjs').Wrap[]} [wraps] default: the AES KEK `vectors`
 * @property {boolean} [unsorted] leave the wrapped keys in the order in which they are given
 * @property {number} [plaintextLength] default: 5
 * @property {Uint8Array} [dataKey]
 * @property {Uint8Array} [headerKey] in the place of the derived one
 */

/**
 * A message: its bytes, and everything that went into them.
 *
 * @typedef {ReturnType<typeof message>} Message
 */

/**
 * @param {string} name seeds what is random in real life
 * @param {Special & Partial<Omit<HeaderParts, 'wrappedKeys'>>} special
 */
export function message(name, special = {}) {
  const { wraps = [aes('vectors')], unsorted = false, plaintextLength = 5, headerKey, ...given } = special;
  const { dataKey = seeded(name, 'data key', 32), ...overrides } = given;
  const context = overrides.context ?? [];
  const made = wraps.map((wrap) => wrap({ vector: name, dataKey, contextDigest: sha256(contextBytes(context)) }));
  const wrappedKeys = made.map(({ wrappedKey }) => wrappedKey);
  /** @type {HeaderParts} */
  const parts = {
    magic: 'KEYFOLD',
    version: 1,
    lengthError: 0,
    suite: 1,
    segmentLog2: 12,
    flags: 0,
    messageId: seeded(name, 'message id', 16),
    context,
    revision: 0,
    wrappedKeys: unsorted ? wrappedKeys : inOrder(wrappedKeys),
    padding: new Uint8Array(),
    paddingLengthError: 0,
    trailing: new Uint8Array(),
    ...overrides,
  };
  const keys = deriveKeys(dataKey, parts);
  const header = headerBytes(parts, headerKey ?? keys.headerKey);
  const plaintext = plaintextOf(plaintextLength);
  const segments = sealSegments(keys.payloadKey, 2 ** parts.segmentLog2, plaintext);
  const payload = cat(parts.messageId, ...segments);
  return {
    parts,
    dataKey,
    keys,
    header,
    plaintext,
    segments,
    payload,
    envelope: cat(header, payload),
    /** The KEKs each of which opens it alone. */
    keks: made.flatMap(({ kek }) => (kek === undefined ? [] : [kek])),
    /** What the quorums among the wrapped keys hold, by key id. */
    quorums: new Map(made.flatMap(({ quorum }) => (quorum === undefined ? [] : [[quorum.keyId, quorum]]))),
  };
}

/**
 * A payload of the message with other segments than its own.
 *
 * @param {Message} message
 * @param {Uint8Array[]} segments
 */
export const withSegments = (message, segments) => cat(message.header, message.parts.messageId, ...segments);
