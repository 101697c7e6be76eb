// What the index says of a message.

/** @typedef {import('./message.mjs').Message} Message */
/** @typedef {import('./header.mjs').WrappedKey} WrappedKey */

/** @param {Uint8Array} bytes */
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/**
 * A string, or for one that is long and made of one character, that character and how often it stands there.
 *
 * @param {string} text
 */
export function describeText(text) {
  const [first = ''] = text;
  return text.length > 255 && text === first.repeat(text.length) ? { repeat: first, times: text.length } : text;
}

/** @param {Message} message */
export function describeHeader({ parts, header, quorums }) {
  return {
    header_length: header.length,
    suite: parts.suite,
    segment_log2: parts.segmentLog2,
    flags: parts.flags,
    message_id: hex(parts.messageId),
    context: parts.context.map(({ key, value, kind = 0 }) => ({
      key: describeText(String(key)),
      kind: kind === 1 ? 'external' : 'embedded',
      ...(kind === 0 && { value: describeText(String(value)) }),
    })),
    revision: parts.revision,
    wrapped_keys: parts.wrappedKeys.map((key) => describeWrappedKey(key, quorums)),
    padding_length: parts.padding.length,
    mac: hex(header.subarray(-32)),
  };
}

/**
 * @param {WrappedKey} key
 * @param {Message['quorums']} [quorums]
 * @returns {Record<string, unknown>}
 */
function describeWrappedKey(key, quorums) {
  const { provider, keyId, keyVersion = '', algorithm = '', ciphertext = new Uint8Array() } = key;
  const quorum = provider === 'quorum' && ciphertext.length > 0 ? quorums?.get(String(keyId)) : undefined;
  return {
    provider: String(provider),
    key_id: describeText(String(keyId)),
    key_version: String(keyVersion),
    algorithm: String(algorithm),
    ciphertext_length: ciphertext.length,
    ...(ciphertext.length <= 512 && quorum === undefined && { ciphertext: hex(ciphertext) }),
    ...(quorum !== undefined && {
      threshold: quorum.threshold,
      shares: quorum.shares.map(({ x, share, wrappedKeys }) => ({
        x,
        share: hex(share),
        wrapped_keys: wrappedKeys.map((leaf) => describeWrappedKey(leaf)),
      })),
    }),
  };
}

/** @param {Message} message */
export function describeKeys({ keys }) {
  return {
    ...(keys.contextBytes.length <= 1024 && { context_bytes: hex(keys.contextBytes) }),
    context_digest: hex(keys.contextDigest),
    info: hex(keys.info),
    payload_key: hex(keys.payloadKey),
    header_key: hex(keys.headerKey),
  };
}
