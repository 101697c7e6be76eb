import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt, inspect } from '../../src/index.js';
import type { ContextInput } from '../../src/index.js';
import { utf8 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';

const plaintext = utf8('plaintext');

/** What an envelope says of a context that was given to `encrypt`, once it opened for the same. */
async function stored(context: ContextInput): Promise<[string, string][]> {
  const keyring = new TestKeyring();
  const envelope = await encrypt(plaintext, { keyring, context });
  expect(await decrypt(envelope, { keyring, context })).toEqual(plaintext);
  return inspect(envelope).context.map(({ key, value }) => [key, value]);
}

describe('a context may be', () => {
  it.each<[string, ContextInput, [string, string][]]>([
    ['an object', { b: '2', a: '1' }, [['a', '1'], ['b', '2']]],
    ['a Map', new Map([['b', '2'], ['a', '1']]), [['a', '1'], ['b', '2']]],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: '1' }), [['a', '1']]],
    ['an object of another realm', runInNewContext('({ a: "1" })') as ContextInput, [['a', '1']]],
    ['an object whose key is __proto__', JSON.parse('{"__proto__": "1"}') as ContextInput, [['__proto__', '1']]],
    ['a Map whose keys are those of the object prototype', new Map([['constructor', 'c'], ['__proto__', 'p']]), [['__proto__', 'p'], ['constructor', 'c']]],
    ['made of numbers as keys', { 10: 'ten', 9: 'nine' }, [['10', 'ten'], ['9', 'nine']]],
    ['made of empty values', { a: '' }, [['a', '']]],
    ['made of text of any language', { 'ключ': 'значение', '鍵': '値', '🔑': '🗝️' }, [['ключ', 'значение'], ['鍵', '値'], ['🔑', '🗝️']]],
    ['made of text that looks alike and is not normalised', { 'é': 'é', 'e\u0301': 'e\u0301' }, [['e\u0301', 'e\u0301'], ['é', 'é']]],
    ['made of byte order marks', { '\ufeff': '\ufeffx' }, [['\ufeff', '\ufeffx']]],
    ['made of control characters', { 'a\0b': '\n' }, [['a\0b', '\n']]],
  ])('%s', async (_what, context, expected) => {
    expect(await stored(context)).toEqual(expected);
  });

  it('changed after the call: that is not noticed', async () => {
    const keyring = new TestKeyring();
    const context: Record<string, string> = { a: '1' };
    const map = new Map([['b', '2']]);
    const sealing = encrypt(plaintext, { keyring, context, externalContext: map });
    context['a'] = 'changed';
    map.set('b', 'changed');
    const envelope = await sealing;
    const expected: Record<string, string> = { a: '1', b: '2' };
    const opening = decrypt(envelope, { keyring, context: expected });
    expected['a'] = 'changed';
    expect(await opening).toEqual(plaintext);
  });
});

const wrong: readonly (readonly [string, unknown, string])[] = [
  ['a string', 'tenant=acme', 'plain object or a Map'],
  ['null', null, 'plain object or a Map'],
  ['a number', 7, 'plain object or a Map'],
  ['an array', [['a', '1']], 'plain object or a Map'],
  ['a Set', new Set(['a']), 'plain object or a Map'],
  ['an instance of a class', new (class Pairs { a = '1'; })(), 'plain object or a Map'],
  ['a function', () => ({ a: '1' }), 'plain object or a Map'],
  ['a number as value', { tenant: 7 }, 'the value of "tenant" is not a string'],
  ['undefined as value', { tenant: undefined }, 'the value of "tenant" is not a string'],
  ['a String object as value', { tenant: new String('x') }, 'the value of "tenant" is not a string'],
  ['bytes as value', { tenant: utf8('x') }, 'the value of "tenant" is not a string'],
  ['a number as key of a Map', new Map([[7, 'x']]), 'a key is not a string'],
  ['an empty key', { '': 'x' }, 'a key is empty'],
  ['a lone high surrogate as key', { 'a\ud800': 'x' }, 'half of a surrogate pair'],
  ['a lone low surrogate as key', { '\udc00': 'x' }, 'half of a surrogate pair'],
  ['a lone high surrogate as value', { a: '\ud83d' }, 'the value of "a" has half of a surrogate pair'],
  ['surrogates in the wrong order as value', { a: '\ude00\ud83d' }, 'the value of "a" has half of a surrogate pair'],
  ['a reserved key', { 'keyfold:format': '1' }, '"keyfold:format" begins with "keyfold:", which is reserved'],
  ['the reserved prefix itself', { 'keyfold:': '1' }, 'which is reserved'],
  ['a key that no field holds', { ['k'.repeat(65_536)]: '' }, 'longer than 65535 bytes'],
  ['a value that no field holds', { k: 'x'.repeat(65_536) }, 'longer than 65535 bytes'],
  ['a value that no field holds in UTF-8', { k: '\u20ac'.repeat(21_846) }, 'longer than 65535 bytes'],
];

describe('a context may not be, at the call, with the name of the argument,', () => {
  const keyring = new TestKeyring();

  it.each(wrong)('%s: when it is to be embedded', async (_what, context, message) => {
    const error = await failure(encrypt(plaintext, { keyring, context: context as ContextInput }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.context' });
    expect(error.message).toContain('options.context: ');
    expect(error.message).toContain(message);
  });

  it.each(wrong)('%s: when it is external', async (_what, context, message) => {
    const error = await failure(encrypt(plaintext, { keyring, externalContext: context as ContextInput }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.externalContext' });
    expect(error.message).toContain(message);
  });

  it.each(wrong)('%s: when it is expected', async (_what, context, message) => {
    const envelope = await encrypt(plaintext, { keyring: new TestKeyring() });
    const error = await failure(decrypt(envelope, { keyring, context: context as ContextInput }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.context' });
    expect(error.message).toContain(message);
  });

  it('the word unchecked, when encrypting', async () => {
    const error = await failure(encrypt(plaintext, { keyring, context: 'unchecked' as unknown as ContextInput }), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.context' });
  });

  it('of a key that is embedded and external', async () => {
    const options = { keyring, context: { a: '1', b: '2' }, externalContext: new Map([['b', '2']]) };
    const error = await failure(encrypt(plaintext, options), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.externalContext' });
    expect(error.message).toContain('"b"');
  });

  it('and no keyring was called for any of it', () => {
    expect(keyring.operations).toEqual([]);
  });
});

describe('the longest texts', () => {
  it('of 65,535 bytes are taken when the limits are raised', async () => {
    const keyring = new TestKeyring();
    const limits = { headerBytes: 400_000, contextBytes: 300_000 };
    const context = { ['k'.repeat(65_535)]: 'v'.repeat(65_535), euro: '\u20ac'.repeat(21_845) };
    const envelope = await encrypt(plaintext, { keyring, context, limits });
    expect(await decrypt(envelope, { keyring, context, limits })).toEqual(plaintext);
  });
});
