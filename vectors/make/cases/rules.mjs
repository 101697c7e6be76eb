// Every rule that a header can break. The MAC is right for the bytes, so that nothing but the rule refuses them.
import { embedded, external } from '../entries.mjs';
import { message } from '../message.mjs';
import { aes, exactly, foreign, pending } from '../wraps.mjs';

/** @typedef {Parameters<typeof message>[1]} Special */

/**
 * A function that adds a vector named after the rule that it breaks, and after how it breaks it.
 *
 * @param {import('../collection.mjs').Collection} collection
 */
export function breaking(collection) {
  return (
    /** @type {string} */ rule,
    /** @type {string} */ how,
    /** @type {string} */ about,
    /** @type {Special} */ special,
    /** @type {import('../collection.mjs').Caller} */ caller = { context: 'unchecked' },
  ) => {
    const name = how === '' ? rule : `${rule}--${how}`;
    const broken = message(name, special);
    collection.fails(name, about, broken, { envelope: broken.envelope }, { error: 'malformed', rule }, caller);
  };
}

/** @param {import('../collection.mjs').Collection} collection */
export function headerRules(collection) {
  const breaks = breaking(collection);
  breaks('magic', '', 'Lower case.', { magic: 'keyfold' });
  breaks('field-overrun', '', 'The padding is said to reach into the MAC.', { paddingLengthError: 1 });
  breaks('field-overrun', 'no-room', 'header_length has no room for a MAC.', {
    lengthError: 43 - message('field-overrun--no-room').header.length,
  });
  breaks('field-overrun', 'short-length', 'header_length ends one byte early, so the padding’s length does not fit.', {
    lengthError: -1,
  });
  breaks('trailing-bytes', '', 'A zero byte between padding and MAC.', { trailing: Buffer.alloc(1) });
  breaks('segment-size', '', 'Segments of 2^11 bytes.', { segmentLog2: 11 });
  breaks('segment-size', 'large', 'Segments of 2^25 bytes.', { segmentLog2: 25 });
  contextRules(breaks);
  wrappedKeyRules(breaks);
  breaks('padding-nonzero', '', 'The last byte of the padding is 1.', { padding: Buffer.from([0, 0, 1]) });
}

/** @param {ReturnType<typeof breaking>} breaks */
function contextRules(breaks) {
  breaks('context-key-empty', '', 'An empty key.', { context: [embedded('', 'v')] });
  const illFormed = {
    overlong: [0xc0, 0x80],
    surrogate: [0xed, 0xa0, 0x80],
    'surrogate-pair': [0xed, 0xa0, 0xbd, 0xed, 0xb4, 0x91],
    'above-10ffff': [0xf4, 0x90, 0x80, 0x80],
    'cut-off': [0xf0, 0x9f, 0x94],
    continuation: [0x80],
  };
  breaks('context-key-utf8', '', 'A byte that is never part of UTF-8.', { context: [embedded(Buffer.of(0xff), 'v')] });
  breaks('context-value-utf8', '', 'The same in a value.', { context: [embedded('k', Buffer.of(0xff))] });
  for (const [how, bytes] of Object.entries(illFormed)) {
    const about = `Ill-formed UTF-8: ${how.replace('-', ' ')}`;
    breaks('context-key-utf8', how, `${about}.`, { context: [embedded(Buffer.from(bytes), 'v')] });
    breaks('context-value-utf8', how, `${about}, in a value.`, { context: [embedded('k', Buffer.from(bytes))] });
  }
  breaks('context-kind', '', 'An entry of kind 2.', { context: [{ ...embedded('k', 'v'), kind: 2 }] });
  breaks('context-external-value', '', 'An external entry with its value.', {
    context: [{ ...external('k', 'v'), stored: 'v' }],
  }, { context: [['k', 'v']] });
  breaks('context-order', '', 'Two entries in descending order.', { context: [embedded('b', '1'), embedded('a', '2')] });
  breaks('context-order', 'utf16', 'In ascending order of UTF-16 units, which is not that of the bytes.', {
    context: [embedded('\u{1f511}', '1'), embedded('\uff61', '2')],
  });
  breaks('context-order', 'prefix', 'A key before the one that begins it.', {
    context: [embedded('aa', '1'), embedded('a', '2')],
  });
  breaks('context-order', 'length', 'Short keys first.', { context: [embedded('b', '1'), embedded('aa', '2')] });
  breaks('context-duplicate', '', 'The same pair twice.', { context: [embedded('a', '1'), embedded('a', '1')] });
  breaks('context-duplicate', 'kinds', 'One key, embedded and external.', {
    context: [embedded('a', '1'), external('a', '1')],
  }, { context: [['a', '1']] });
}

/** @param {ReturnType<typeof breaking>} breaks */
function wrappedKeyRules(breaks) {
  /** @type {(rule: string, how: string, about: string, ...wraps: import('../wraps.mjs').Wrap[]) => void} */
  const with_ = (rule, how, about, ...wraps) => {
    breaks(rule, how, about, { wraps, unsorted: true });
  };
  with_('wrapped-count', 'zero', 'No wrapped key.');
  with_('wrapped-count', '', '33 wrapped keys.', ...Array.from({ length: 32 }, (_, i) =>
    foreign('example', `key-${String(i).padStart(2, '0')}`)), aes('vectors'));
  with_('provider-empty', '', 'No provider.', foreign('', 'key'), aes('vectors'));
  with_('provider-charset', '', 'An upper-case letter.', foreign('Example', 'key'), aes('vectors'));
  with_('provider-charset', 'underscore', 'An underscore.', foreign('exam_ple', 'key'), aes('vectors'));
  with_('provider-charset', 'nul', 'A zero byte.', foreign('example\0', 'key'), aes('vectors'));
  with_('key-id-empty', '', 'No key id.', foreign('example', ''), aes('vectors'));
  with_('key-id-charset', '', 'A space.', foreign('example', 'a key'), aes('vectors'));
  with_('key-id-charset', 'delete', 'U+007F.', foreign('example', 'key\x7f'), aes('vectors'));
  with_('key-id-charset', 'nul', 'A zero byte.', foreign('example', 'key\0'), aes('vectors'));
  with_('key-id-charset', 'non-ascii', 'A letter outside ASCII.', foreign('example', 'kl\u00e9'), aes('vectors'));
  with_('key-version-charset', '', 'A space.', foreign('example', 'key', '1 '), aes('vectors'));
  with_('key-version-charset', 'non-ascii', 'A digit outside ASCII.', foreign('example', 'key', '\u0661'), aes('vectors'));
  with_('algorithm-charset', '', 'A space.', foreign('example', 'key', '', 'AES GCM'), aes('vectors'));
  with_('algorithm-charset', 'newline', 'A line end.', foreign('example', 'key', '', 'AES\n'), aes('vectors'));
  with_('algorithm-empty', '', 'No algorithm, and not pending.', foreign('example', 'key', '', ''), aes('vectors'));
  const unwrapped = { provider: 'example', keyId: 'key', ciphertext: new Uint8Array() };
  with_('pending-fields', '', 'Pending, with an algorithm.', exactly({ ...unwrapped, algorithm: 'A' }), aes('vectors'));
  with_('pending-fields', 'version', 'Pending, with a version.', exactly({ ...unwrapped, keyVersion: '1' }), aes('vectors'));
  with_('all-pending', '', 'Every key is pending.', pending('example', 'a'), pending('example', 'b'));

  const order = 'wrapped-key-order';
  with_(order, '', 'Key ids in descending order.', foreign('example', 'b'), foreign('example', 'a'), aes('vectors'));
  with_(order, 'provider', 'Providers in descending order.', aes('vectors'), foreign('example', 'a'));
  with_(order, 'version', 'Versions ordered as numbers.', foreign('example', 'k', '2'), foreign('example', 'k', '10'), aes('vectors'));
  with_(order, 'length', 'Short key ids first.', foreign('example', 'b'), foreign('example', 'aa'), aes('vectors'));
  with_(order, 'prefix', 'A key id before the one that begins it.', foreign('example', 'kk'), foreign('example', 'k'), aes('vectors'));

  const duplicate = 'wrapped-key-duplicate';
  with_(duplicate, '', 'One wrapped key twice.', aes('vectors'), aes('vectors'));
  with_(duplicate, 'algorithms', 'One key with two algorithms.', foreign('example', 'k', '', 'A'),
    foreign('example', 'k', '', 'B'), aes('vectors'));
  with_(duplicate, 'pending', 'One key, pending and not.', pending('example', 'k'), foreign('example', 'k'), aes('vectors'));
}
