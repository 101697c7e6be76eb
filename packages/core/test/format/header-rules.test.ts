import { describe, expect, it } from 'vitest';
import type { FormatRule } from '../../src/errors/format-rule.js';
import { parseDetachedHeader, parseHeader } from '../../src/format/header.js';
import { resolveLimits } from '../../src/format/limits.js';
import { concat } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { rawHeader } from '../support/raw-header.js';
import type { RawHeader, RawWrappedKey } from '../support/raw-header.js';

const limits = resolveLimits({}, 'limits');

/** In a header without context, the first wrapped key begins here: behind prelude, identity, revision and count. */
const KEY = 40;
/** Its fields, as `rawWrappedKey` fills them in, begin here. */
const [KEY_ID, KEY_VERSION, ALGORITHM] = [KEY + 5, KEY + 12, KEY + 13];
/** The padding's length begins here, and what it counts two bytes on. */
const PADDING = KEY + 20;
/** The first context entry. */
const ENTRY = 34;

const pending: RawWrappedKey = { algorithm: '', ciphertext: new Uint8Array(0) };
const nothing = new Uint8Array(0);

const broken: readonly (readonly [FormatRule, string, RawHeader, number])[] = [
  ['magic', 'a byte of the magic', { magic: 'KEYFOLX' }, 6],
  ['magic', 'the first byte', { magic: 'keyfold' }, 0],
  ['field-overrun', 'a header without room for a MAC', { headerLength: 43 }, 8],
  ['field-overrun', 'a header of no length', { headerLength: 0 }, 8],
  ['field-overrun', 'a header that ends where its fields would begin', { headerLength: 44 }, 12],
  ['field-overrun', 'a context that is not there', { contextCount: 1, revision: 0xffff0000 }, ENTRY + 2],
  ['field-overrun', 'more wrapped keys than there are', { wrappedCount: 2, paddingLength: 0xff00 }, PADDING + 1],
  ['field-overrun', 'padding that is not there', { paddingLength: 1 }, PADDING + 2],
  ['trailing-bytes', 'a byte that no field accounts for', { extra: Uint8Array.of(0) }, PADDING + 2],
  ['segment-size', 'segments of 2^11', { segmentLog2: 11 }, 14],
  ['segment-size', 'segments of 2^25', { segmentLog2: 25 }, 14],
  ['context-key-empty', 'an empty context key', { context: [{ key: '' }] }, ENTRY],
  ['context-key-utf8', 'a surrogate in UTF-8', { context: [{ key: Uint8Array.of(0xed, 0xa0, 0x80) }] }, ENTRY],
  ['context-key-utf8', 'an overlong form', { context: [{ key: Uint8Array.of(0xc0, 0xaf) }] }, ENTRY],
  ['context-key-utf8', 'a sequence without its end', { context: [{ key: Uint8Array.of(0x61, 0xe2, 0x82) }] }, ENTRY],
  ['context-key-utf8', 'a code point over U+10FFFF', { context: [{ key: Uint8Array.of(0xf4, 0x90, 0x80, 0x80) }] }, ENTRY],
  ['context-value-utf8', 'a lone continuation byte', { context: [{ key: 'a', value: Uint8Array.of(0x80) }] }, ENTRY + 4],
  ['context-kind', 'kind 2', { context: [{ key: 'a', kind: 2 }] }, ENTRY + 3],
  ['context-kind', 'kind 255', { context: [{ key: 'a', kind: 255 }] }, ENTRY + 3],
  ['context-external-value', 'an external value', { context: [{ key: 'a', kind: 1, value: 'x' }] }, ENTRY + 4],
  ['context-order', 'keys in descending order', { context: [{ key: 'b' }, { key: 'a' }] }, ENTRY + 6],
  ['context-order', 'a key before its prefix', { context: [{ key: 'aa' }, { key: 'a' }] }, ENTRY + 7],
  ['context-order', 'the order of UTF-16 units', { context: [{ key: '\u{1f600}' }, { key: '\uff5e' }] }, ENTRY + 9],
  ['context-duplicate', 'a key twice', { context: [{ key: 'a' }, { key: 'a', value: 'x' }] }, ENTRY + 6],
  ['context-duplicate', 'a key embedded and external', { context: [{ key: 'a' }, { key: 'a', kind: 1 }] }, ENTRY + 6],
  ['wrapped-count', 'no wrapped key', { wrappedKeys: [] }, 38],
  ['wrapped-count', '33 wrapped keys', { wrappedKeys: numbered(33) }, 38],
  ['provider-empty', 'an empty provider', { wrappedKeys: [{ provider: '' }] }, KEY],
  ['provider-charset', 'a capital letter', { wrappedKeys: [{ provider: 'Test' }] }, KEY],
  ['provider-charset', 'an underscore', { wrappedKeys: [{ provider: 'a_b' }] }, KEY],
  ['provider-charset', 'the character before 0', { wrappedKeys: [{ provider: 'a/' }] }, KEY],
  ['provider-charset', 'the character behind 9', { wrappedKeys: [{ provider: 'a:' }] }, KEY],
  ['provider-charset', 'the character before a', { wrappedKeys: [{ provider: '`' }] }, KEY],
  ['provider-charset', 'the character behind z', { wrappedKeys: [{ provider: '{' }] }, KEY],
  ['provider-charset', 'a letter beyond ASCII', { wrappedKeys: [{ provider: 'é' }] }, KEY],
  ['key-id-empty', 'an empty key id', { wrappedKeys: [{ keyId: '' }] }, KEY_ID],
  ['key-id-charset', 'a space', { wrappedKeys: [{ keyId: 'a b' }] }, KEY_ID],
  ['key-id-charset', 'a DEL', { wrappedKeys: [{ keyId: 'a\u007f' }] }, KEY_ID],
  ['key-id-charset', 'a zero byte', { wrappedKeys: [{ keyId: '\0' }] }, KEY_ID],
  ['key-version-charset', 'a line feed', { wrappedKeys: [{ keyVersion: '\n' }] }, KEY_VERSION],
  ['algorithm-charset', 'a letter beyond ASCII', { wrappedKeys: [{ algorithm: 'ü' }] }, ALGORITHM],
  ['algorithm-empty', 'no algorithm', { wrappedKeys: [{ algorithm: '' }] }, ALGORITHM],
  ['pending-fields', 'a pending key with an algorithm', { wrappedKeys: [{ ciphertext: nothing }] }, ALGORITHM],
  ['pending-fields', 'a pending key with a version', { wrappedKeys: [{ ...pending, keyVersion: '1' }] }, ALGORITHM + 1],
  ['all-pending', 'nothing but a pending key', { wrappedKeys: [pending] }, 38],
  ['all-pending', 'nothing but pending keys', { wrappedKeys: [{ ...pending, keyId: 'a' }, { ...pending, keyId: 'b' }] }, 38],
  ['wrapped-key-order', 'providers that descend', { wrappedKeys: [{ provider: 'b' }, { provider: 'a' }] }, KEY + 17],
  ['wrapped-key-order', 'key ids that descend', { wrappedKeys: [{ keyId: 'b' }, { keyId: 'a' }] }, KEY + 16],
  ['wrapped-key-order', 'versions that descend', { wrappedKeys: [{ keyVersion: '2' }, { keyVersion: '1' }] }, KEY + 21],
  ['wrapped-key-duplicate', 'the same key twice', { wrappedKeys: [{}, { algorithm: 'B' }] }, KEY + 20],
  ['wrapped-key-duplicate', 'a pending twin', { wrappedKeys: [{}, pending] }, KEY + 20],
  ['padding-nonzero', 'padding that ends in a one', { padding: Uint8Array.of(0, 0, 1) }, PADDING + 2],
];

describe('a header that breaks a rule of the format', () => {
  it.each(broken)('%s: %s', async (rule, _what, fields, offset) => {
    const error = await failure(() => parseHeader(rawHeader(fields), limits), 'malformed');
    expect(error.details).toEqual({ rule, offset });
    expect(error.message).toContain(`${rule} at byte ${offset}`);
  });

  it('detached-trailing-bytes: a byte behind a detached header', async () => {
    const header = rawHeader();
    expect(parseDetachedHeader(header, limits).length).toBe(header.length);
    const error = await failure(() => parseDetachedHeader(concat(header, Uint8Array.of(0)), limits), 'malformed');
    expect(error.details).toEqual({ rule: 'detached-trailing-bytes', offset: header.length });
  });
});

describe('a header at the edge of a rule', () => {
  it.each([
    ['a header as the other tests take it', {}],
    ['segments of 2^12', { segmentLog2: 12 }],
    ['segments of 2^24', { segmentLog2: 24 }],
    ['32 wrapped keys', { wrappedKeys: numbered(32) }],
    ['every character of a provider', { wrappedKeys: [{ provider: 'abcdefghijklmnopqrstuvwxyz-0123456789' }] }],
    ['the first and the last printable character', { wrappedKeys: [{ keyId: '!~', keyVersion: '!~', algorithm: '!~' }] }],
    ['one version behind another', { wrappedKeys: [{ keyVersion: '1' }, { keyVersion: '2' }] }],
    ['one pending key among others', { wrappedKeys: [{ keyId: 'a' }, { ...pending, keyId: 'b' }] }],
    ['fields that are alike when run together', { wrappedKeys: [{ provider: 'a', keyId: 'bc' }, { provider: 'ab', keyId: 'c' }] }],
    ['the longest fields', { wrappedKeys: [{ provider: 'p'.repeat(255), keyVersion: 'v'.repeat(255), algorithm: 'a'.repeat(255) }] }],
    ['a byte order mark, which is kept', { context: [{ key: '\ufeffa', value: '\ufeff' }] }],
    ['text that is not normalised', { context: [{ key: 'e\u0301' }, { key: 'é' }] }],
    ['an empty embedded value', { context: [{ key: 'a', value: '' }] }],
    ['the highest revision', { revision: 0xffffffff }],
    ['a context key that begins almost as the reserved ones', { context: [{ key: 'keyfold' }] }],
  ] satisfies [string, RawHeader][])('is read: %s', (_what, fields: RawHeader) => {
    const bytes = rawHeader(fields);
    const { identity, wrapping, length } = parseHeader(bytes, limits);
    expect(length).toBe(bytes.length);
    expect(identity.context.map(({ key, value }) => ({ key, value }))).toEqual(
      (fields.context ?? []).map(({ key, value }) => ({ key, value: value ?? '' })),
    );
    expect(wrapping.wrappedKeys).toMatchObject((fields.wrappedKeys ?? [{}]).map((key) => ({ ...key })));
    if (fields.revision !== undefined) expect(wrapping.revision).toBe(fields.revision);
  });
});

function numbered(count: number): RawWrappedKey[] {
  return Array.from({ length: count }, (_, i) => ({ keyId: `kek-${String(i).padStart(2, '0')}` }));
}
