// Cut off, unknown, too large, or not what the key says: refused without any rule of the encoding being broken.
import { cat, sha256, u32 } from '../bytes.mjs';
import { embedded, external } from '../entries.mjs';
import { deriveKeys, headerBytes } from '../header.mjs';
import { message } from '../message.mjs';
import { aes, foreign } from '../wraps.mjs';

/** @param {import('../collection.mjs').Collection} collection */
export function refusals(collection) {
  truncated(collection);
  unsupported(collection);
  limits(collection);
  wrongMac(collection);
}

/** @param {import('../collection.mjs').Collection} collection */
function truncated(collection) {
  const plain = message('truncated', { plaintextLength: 4097 });
  const { header, envelope } = plain;
  const cut = (/** @type {string} */ how, /** @type {string} */ about, /** @type {number} */ length, released = 0) => {
    const part = length < header.length ? 'header' : 'payload';
    const failure = { error: 'truncated', part, ...(part === 'payload' && { released }) };
    collection.fails(`truncated--${how}`, about, plain, { envelope: envelope.subarray(0, length) }, failure);
  };
  cut('empty', 'No bytes at all.', 0);
  cut('magic', 'In the middle of the magic.', 4);
  cut('version', 'Before the version.', 7);
  cut('header-length', 'In the middle of header_length.', 11);
  cut('identity', 'Behind the prelude.', 12);
  cut('mac', 'Before the header’s last byte.', header.length - 1);
  cut('no-payload', 'Behind the header.', header.length);
  cut('message-id', 'In the middle of the payload’s message id.', header.length + 15);
  cut('no-segments', 'Behind the payload’s message id.', header.length + 16);
  cut('first-tag', 'Before 16 bytes of the first segment are there.', header.length + 16 + 15);
  cut('last-tag', 'One byte of the last segment is left.', header.length + 16 + 4096 + 16 + 1, 4096);
}

/** @param {import('../collection.mjs').Collection} collection */
function unsupported(collection) {
  const refuses = (
    /** @type {string} */ name,
    /** @type {string} */ about,
    /** @type {string} */ feature,
    /** @type {Parameters<typeof message>[1]} */ special,
  ) => {
    const later = message(name, special);
    const failure = { error: 'unsupported', feature };
    collection.fails(name, about, later, { envelope: later.envelope }, failure, { context: 'unchecked' });
  };
  refuses('unsupported-version', 'Format version 2.', 'version', { version: 2 });
  refuses('unsupported-version--zero', 'Format version 0.', 'version', { version: 0 });
  refuses('unsupported-suite', 'Suite 0x0002.', 'suite', { suite: 2 });
  refuses('unsupported-suite--high-byte', 'Suite 0x0101: both bytes count.', 'suite', { suite: 0x101 });
  refuses('unsupported-flags', 'The lowest flag.', 'flags', { flags: 1 });
  refuses('unsupported-flags--first', 'A flag may change what other fields mean, so it is judged before them.', 'flags', {
    flags: 0x80,
    segmentLog2: 200,
  });
  refuses('unsupported-context-key', 'A context key that is reserved.', 'context-key', {
    context: [embedded('keyfold:algorithm', 'x')],
  });
  refuses('unsupported-context-key--prefix', 'The reserved prefix alone.', 'context-key', {
    context: [embedded('a', 'b'), external('keyfold:', 'x')],
  });
}

/** @param {import('../collection.mjs').Collection} collection */
function limits(collection) {
  const plain = message('limits', {});
  const prelude = cat(plain.header.subarray(0, 8), u32(65_537));
  const limit = (/** @type {string} */ name) => ({ error: 'limit-exceeded', limit: name });
  collection.fails('limit-header-length', 'header_length over the cap is refused before another byte is asked for.', plain,
    { envelope: prelude }, limit('headerBytes'));
  collection.fails('limit-header-length--most', 'The largest header_length there can be.', plain,
    { envelope: cat(prelude.subarray(0, 8), u32(0xffff_ffff)) }, limit('headerBytes'));
  const many = message('limit-context-entries', {
    context: Array.from({ length: 65 }, (_, i) => embedded(`key-${String(i).padStart(2, '0')}`, '')),
  });
  collection.fails('limit-context-entries', '65 entries.', many, { envelope: many.envelope }, limit('contextEntries'));
  const long = message('limit-context-embedded', { context: [embedded('k', 'v'.repeat(8192 - 2 - 4 - 1 + 1))] });
  collection.fails('limit-context-embedded', 'context_bytes of 8,193.', long, { envelope: long.envelope }, limit('contextBytes'));
  const supplied = message('limit-context-external', { context: [external('k', 'v'.repeat(8192 - 2 - 4 - 1 + 1))] });
  collection.fails('limit-context-external', 'The value that the caller supplies makes context_bytes 8,193.', supplied,
    { envelope: supplied.envelope }, limit('contextBytes'));
  const enough = { limits: { contextEntries: 65, contextBytes: 8193 } };
  collection.again('limit-context-entries-raised', 'The same for a reader with higher caps.', 'limit-context-entries', many, 'opens', enough);
  collection.again('limit-context-external-raised', 'The same for a reader with higher caps.', 'limit-context-external', supplied, 'opens', enough);
}

/**
 * The header is well-formed, and not what the holder of the data key wrote.
 *
 * @param {import('../collection.mjs').Collection} collection
 */
function wrongMac(collection) {
  const failure = { error: 'unwrap-failed' };
  const context = [embedded('tenant', 'acme')];
  const wraps = [aes('vectors'), foreign('example', 'key')];
  const plain = message('mac', { context, wraps, padding: Buffer.alloc(1) });
  const { parts, keys, payload } = plain;
  const refuses = (
    /** @type {string} */ how,
    /** @type {string} */ about,
    /** @type {Uint8Array} */ header,
    /** @type {import('../collection.mjs').Caller} */ caller = { context: 'unchecked' },
  ) => {
    const name = how === '' ? 'mac' : `mac--${how}`;
    collection.fails(name, about, plain, { envelope: cat(header, payload) }, failure, caller);
  };
  const flip = (/** @type {number} */ offset) => {
    const header = Buffer.from(plain.header);
    header[offset] = /** @type {number} */ (header[offset]) ^ 1;
    return header;
  };
  /** The header with other fields, and the MAC of the old ones. */
  const altered = (/** @type {Partial<import('../header.mjs').HeaderParts>} */ changes) =>
    cat(headerBytes({ ...parts, ...changes }, keys.headerKey).subarray(0, -32), plain.header.subarray(-32));
  refuses('', 'The lowest bit of the last byte of the MAC.', flip(plain.header.length - 1));
  refuses('first-byte', 'The lowest bit of the first byte of the MAC.', flip(plain.header.length - 32));
  refuses('zero', 'A MAC of zeros.', cat(plain.header.subarray(0, -32), Buffer.alloc(32)));
  refuses('segment-size', 'Another segment size.', altered({ segmentLog2: 13 }));
  refuses('message-id', 'Another message id, in the header only.', flip(16));
  refuses('context-value', 'Another value of an embedded pair.', altered({ context: [embedded('tenant', 'acmf')] }));
  refuses('context-kind', 'The pair is made external; the right value is supplied.', altered({ context: [external('tenant', 'acme')] }), {
    context: [['tenant', 'acme']],
  });
  refuses('context-removed', 'The pair is gone.', altered({ context: [] }));
  refuses('context-added', 'A pair is added.', altered({ context: [...context, embedded('user', 'u')] }));
  refuses('revision', 'Another revision.', altered({ revision: 1 }));
  refuses('wrapped-key-removed', 'A wrapped key is gone.', altered({ wrappedKeys: parts.wrappedKeys.slice(1) }));
  refuses('wrapped-key-altered', 'A wrapped key names another KEK.', altered({
    wrappedKeys: parts.wrappedKeys.map((key) => (key.provider === 'example' ? { ...key, keyId: 'kez' } : key)),
  }));
  refuses('padding', 'More padding.', altered({ padding: Buffer.alloc(2) }));

  refuses('other-data-key', 'The MAC that another data key gives.',
    headerBytes(parts, deriveKeys(sha256('another data key'), parts).headerKey));
  collection.again('wrong-data-key', 'A KMS that answers with another key.', 'size-1', message('size-1', { plaintextLength: 1 }),
    failure, { dataKey: sha256('another data key'), keks: [] });
  collection.again('short-data-key', 'A data key of 31 bytes.', 'size-1', message('size-1', { plaintextLength: 1 }),
    failure, { dataKey: message('size-1').dataKey.subarray(0, 31), keks: [] });
  collection.again('long-data-key', 'A data key of 33 bytes, the first 32 of which are right.', 'size-1',
    message('size-1', { plaintextLength: 1 }), failure, { dataKey: cat(message('size-1').dataKey, Buffer.alloc(1)), keks: [] });
}
