// Encryption contexts that open, and callers who say something else of them.
import { embedded, external } from '../entries.mjs';
import { message } from '../message.mjs';

/** @typedef {import('../header.mjs').Entry} Entry */

/** @param {import('../collection.mjs').Collection} collection */
export function contexts(collection) {
  /** @type {(name: string, about: string, context: Entry[]) => void} */
  const opens = (name, about, context) => {
    collection.opens(name, about, message(name, { context }));
  };
  const tenant = embedded('tenant', 'acme');
  opens('context-embedded', 'One pair.', [tenant]);
  opens('context-external', 'One pair whose value is not stored.', [external('row', '42')]);
  opens('context-mixed', 'Stored and not stored, in turn.', [
    external('a', '1'),
    embedded('b', '2'),
    external('c', '3'),
    embedded('d', '4'),
  ]);
  opens('context-empty-values', 'Empty values, stored and not.', [embedded('a', ''), external('b', '')]);
  opens('context-prefixes', 'Keys that begin other keys, and keys that look reserved and are not.', [
    embedded('Keyfold:', '1'),
    embedded('a', '2'),
    embedded('a:', '3'),
    embedded('aa', '4'),
    embedded('b', '5'),
    embedded('keyfold', '6'),
    embedded('keyfold.x', '7'),
  ]);
  opens(
    'context-utf8-order',
    'U+1F511 comes after U+FF61 by UTF-8 bytes, and before it by UTF-16 units.',
    [embedded('z', 'one byte'), embedded('\u00e9', 'two'), embedded('\uff61', 'three'), embedded('\u{1f511}', 'four')],
  );
  opens('context-not-normalised', 'The same letter composed and decomposed: two keys.', [
    embedded('e\u0301', 'decomposed'),
    embedded('\u00e9', 'composed'),
  ]);
  opens('context-byte-order-mark', 'U+FEFF at the beginning of a key and of values is text like any other.', [
    embedded('k', '\ufeff'),
    embedded('\ufeffk', '\ufeffv'),
  ]);
  opens('context-controls', 'U+0000, line ends and a noncharacter are text.', [
    embedded('\0', 'a\0b'),
    embedded('line', 'one\r\ntwo\n'),
    embedded('non', '\uffff'),
  ]);
  opens('context-object-keys', 'Keys that a dictionary built on objects of a language may trip over.', [
    embedded('__proto__', 'polluted'),
    embedded('constructor', 'c'),
    embedded('toString', 't'),
  ]);
  opens(
    'context-64-entries',
    'As many entries as the default cap allows.',
    Array.from({ length: 64 }, (_, i) => embedded(`key-${String(i).padStart(2, '0')}`, String(i))),
  );
  opens('context-8192-bytes', 'context_bytes as long as the default cap allows.', [
    embedded('k', 'v'.repeat(8192 - 2 - 4 - 1)),
  ]);
  callers(collection);
}

/** @param {import('../collection.mjs').Collection} collection */
function callers(collection) {
  const tenantOnly = message('context-embedded', { context: [embedded('tenant', 'acme')] });
  const row = message('context-external', { context: [external('row', '42')] });
  const context = [external('a', '1'), embedded('b', '2'), external('c', '3'), embedded('d', '4')];
  const mixed = message('context-mixed', { context });
  const again = collection.again.bind(collection);

  again('context-unchecked', 'The caller says that any context will do.', 'context-embedded', tenantOnly, 'opens', {
    context: 'unchecked',
  });
  again('context-in-part', 'The caller leaves out an embedded pair.', 'context-mixed', mixed, 'opens', {
    context: [['a', '1'], ['c', '3'], ['d', '4']],
  });
  again('context-any-order', 'The caller’s pairs are in another order.', 'context-mixed', mixed, 'opens', {
    context: [['d', '4'], ['c', '3'], ['b', '2'], ['a', '1']],
  });
  again('context-required', 'The caller says nothing of the context.', 'context-embedded', tenantOnly,
    { error: 'context-required' }, { context: [] });
  again('context-wrong-value', 'Another value than the embedded one.', 'context-embedded', tenantOnly,
    { error: 'context-mismatch', keys: ['tenant'] }, { context: [['tenant', 'other']] });
  again('context-unknown-key', 'A key that is not in the header.', 'context-embedded', tenantOnly,
    { error: 'context-mismatch', keys: ['user'] }, { context: [['tenant', 'acme'], ['user', 'u']] });
  again('context-on-none', 'A context for a message that has none.', 'size-1', message('size-1', { plaintextLength: 1 }),
    { error: 'context-mismatch', keys: ['tenant'] }, { context: [['tenant', 'acme']] });
  again('context-external-missing', 'One of two external values is missing.', 'context-mixed', mixed,
    { error: 'external-context-missing', keys: ['c'] }, { context: [['a', '1'], ['b', '2']] });
  again('context-external-none', 'Nothing is supplied, an external value is needed.', 'context-external', row,
    { error: 'external-context-missing', keys: ['row'] }, { context: [] });
  again('context-external-unchecked', '"Any context will do" supplies no value.', 'context-external', row,
    { error: 'external-context-missing', keys: ['row'] }, { context: 'unchecked' });
  again('context-external-wrong', 'A wrong external value gives wrong keys, and looks like a wrong data key.',
    'context-external', row, { error: 'unwrap-failed' }, { context: [['row', '43']] });
  again('context-mismatch-first', 'A wrong pair is reported before a missing external value.', 'context-mixed', mixed,
    { error: 'context-mismatch', keys: ['b'] }, { context: [['b', 'x']] });
}
