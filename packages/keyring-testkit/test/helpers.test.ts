/** What tests of keyrings call them with: helpers that must themselves fail. */
import { KeyfoldError } from '@keyfold/core';
import { invalidArgument } from '@keyfold/core/keyring';
import { describe, expect, it } from 'vitest';
import { DATA_KEY, failure, generateOne, refusal, unwrapFrom, wrapOne } from '../src/helpers/index.js';
import { memoryKeyring } from '../src/compositions/memory-keyring.js';

const aborted = new KeyfoldError('aborted', 'It was aborted.', {});

describe('a failure', () => {
  it('is the error of that code, thrown or rejected with', async () => {
    expect(await failure(Promise.reject(aborted), 'aborted')).toBe(aborted);
    expect(await failure(() => { throw aborted; }, 'aborted')).toBe(aborted);
  });

  it('of another code, or none, fails the test; what is no error of Keyfold is passed on', async () => {
    await expect(failure(Promise.reject(aborted), 'malformed')).rejects.toMatchObject({ name: 'ConformanceError', cause: aborted });
    await expect(failure(Promise.resolve(7), 'aborted')).rejects.toThrow('It must fail with aborted; the result is 7.');
    await expect(failure(Promise.reject(new TypeError('a bug')), 'aborted')).rejects.toThrow(TypeError);
  });
});

describe('a refusal', () => {
  const refuse = (argument: string, message: string) => (): never => { throw invalidArgument(argument, message); };

  it('names the argument, and is a sentence', () => {
    expect(refusal(refuse('options.key', 'pass a key.'), 'options.key')).toBe('options.key: pass a key.');
    expect(refusal(refuse('options.key', 'convert it: acme convert'), 'options.key')).toContain('acme convert');
    expect(() => refusal(refuse('options.key', 'pass a key.'), 'options.name')).toThrow('options.name must be refused; options.key is');
    expect(() => refusal(refuse('options.key', 'no'), 'options.key')).toThrow('and a sentence');
    expect(() => refusal(() => 7, 'options.key')).toThrow('options.key must be refused; nothing is.');
    expect(() => refusal(() => { throw new TypeError('a bug'); }, 'options.key')).toThrow(TypeError);
  });
});

describe('a call', () => {
  it('is as the engine makes it', async () => {
    const keyring = memoryKeyring();
    const wrapped = await wrapOne(keyring);
    expect(await unwrapFrom(keyring, [wrapped])).toMatchObject({ keyMaterial: DATA_KEY, wrappedKey: wrapped });
    const other = await wrapOne(keyring, {}, { keyMaterial: new Uint8Array(32).fill(9) });
    expect((await unwrapFrom(keyring, [other], {}, { expected: new Uint8Array(32).fill(9) }))?.wrappedKey).toBe(other);
    await failure(unwrapFrom(keyring, [other]), 'keyring-failed');
    await failure(wrapOne(keyring, {}, { signal: AbortSignal.abort() }), 'aborted');
  });

  it('that gives not one wrapped key fails the test, and so does one that is not there', async () => {
    const keyring = memoryKeyring();
    const wrapped = await wrapOne(keyring);
    await expect(wrapOne({ ...keyring, wrap: async () => await Promise.resolve({ wrappedKeys: [wrapped, wrapped] }) })).rejects.toThrow('there are 2');
    await expect(generateOne(keyring)).rejects.toThrow('does not generate');
  });
});
